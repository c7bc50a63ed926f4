//! The kinds of tokens, and the claims of each.

use serde_json::{Value, json};

use super::about::About;
use super::owner::Owner;
use crate::clock::UnixSeconds;
use crate::connected_apps::app::ConnectedApp;
use crate::fields::Fields;
use crate::merge::{Object, object};
use crate::oauth2::claims;
use crate::oauth2::person::Person;
use crate::product::Product;
use crate::session_jwt::{self, ORGANIZATION_CLAIM, OrganizationClaim};
use crate::sessions::Sessions;
use crate::state::State;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Session,
    ConnectedApp,
    IdToken,
    Machine,
    TrustedToken,
}

static KINDS: [(&str, Kind); 5] = [
    ("session", Kind::Session),
    ("connected_app", Kind::ConnectedApp),
    ("id_token", Kind::IdToken),
    ("m2m", Kind::Machine),
    ("trusted_token", Kind::TrustedToken),
];

impl Kind {
    /// Reads `kind`. The default is `session`.
    pub(super) fn read(fields: &Fields) -> Result<Self, String> {
        let given = fields.value("kind").map_or(Some("session"), Value::as_str);
        let found = KINDS.iter().find(|(name, _)| Some(*name) == given);
        let names = || KINDS.map(|(name, _)| name).join(", ");
        let found = found.ok_or_else(|| format!("kind must be one of {}", names()))?;
        Ok(found.1)
    }

    /// Returns the claims of a valid token.
    pub(super) fn claims(
        self,
        state: &mut State,
        product: Product,
        (owner, about): (Owner, &About),
        now: UnixSeconds,
    ) -> Object {
        match self {
            Self::Session => of_session(state, product, owner, now),
            Self::ConnectedApp => of_connected_app(state, product, (owner, about), now),
            Self::IdToken => of_id_token(state, product, (&owner, about), now),
            Self::Machine => of_machine(state, product, about, now),
            Self::TrustedToken => of_trusted_token(state, (&owner, about), now),
        }
    }
}

/// Returns the claims of a stored session, or of a new session that is not stored.
fn of_session(state: &mut State, product: Product, owner: Owner, now: UnixSeconds) -> Object {
    let Owner {
        proof,
        organization,
        session,
        factors,
        ..
    } = owner;
    let ids = &mut state.ids;
    let mut session = session.unwrap_or_else(|| Sessions::default().begin(ids, proof, 60, now));
    if let Some(factors) = factors {
        session.factors = factors;
    }
    let claim = organization.as_ref().map(|(id, slug)| OrganizationClaim {
        id: id.as_str(),
        slug: slug.as_str(),
    });
    let project_id = &state.projects.of(product).id;
    let mut claims = session.custom_claims.clone();
    claims.extend(session_jwt::session_claims(
        project_id, &session, claim, now,
    ));
    claims
}

/// Returns the claims of a token with which a Connected App acts for a user or member. Without an app, the token belongs to
/// an app that is not registered.
fn of_connected_app(
    state: &mut State,
    product: Product,
    (owner, about): (Owner, &About),
    now: UnixSeconds,
) -> Object {
    let app = about.app.as_ref();
    let ids = &mut state.ids;
    let (drawn_id, jti) = (ids.id("connected-app"), ids.opaque_token());
    let client_id = app.map_or(&drawn_id, |app| &app.client_id);
    let lifetime = app.map_or(
        claims::LIFETIME_SECONDS,
        ConnectedApp::access_token_lifetime_seconds,
    );
    let project_id = &state.projects.of(product).id;
    let scope = about.scope("openid");
    let mut own = claims::of_connected_app(client_id, &owner.proof.subject, &scope, &jti);
    if let Some(audience) = app.and_then(|app| app.access_token_custom_audience.as_ref()) {
        own.insert("aud".into(), json!([project_id, audience]));
    }
    let mut claims = claims::of_access_token(project_id, own, (now, lifetime));
    if let Some((organization_id, slug)) = owner.organization {
        let organization = json!({ "organization_id": organization_id, "slug": slug });
        claims.insert(ORGANIZATION_CLAIM.into(), organization);
    }
    claims
}

/// Returns the claims of an ID token for a Connected App. A stored user or member adds the claims that the scopes grant.
fn of_id_token(
    state: &mut State,
    product: Product,
    (owner, about): (&Owner, &About),
    now: UnixSeconds,
) -> Object {
    let drawn_id = state.ids.id("connected-app");
    let app = about.app.as_ref();
    let client_id = app.map_or(&drawn_id, |app| &app.client_id);
    let subject = &owner.proof.subject;
    let scope = about.scope("openid");
    let person = Person::find(&state.projects, product, subject);
    let mut own = person.map_or_else(Object::new, |person| person.claims(scope.split(' ')));
    own.extend(object(json!({ "sub": subject, "aud": [client_id] })));
    let project_id = &state.projects.of(product).id;
    claims::of_access_token(project_id, own, (now, claims::LIFETIME_SECONDS))
}

/// Returns the claims of an M2M token. Without a client, the token belongs to a client that is not registered.
fn of_machine(state: &mut State, product: Product, about: &About, now: UnixSeconds) -> Object {
    let drawn_id = state.ids.id("m2m-client");
    let (client_id, scope) = match &about.client {
        Some(client) => (&client.client_id, about.scope(&client.scopes.join(" "))),
        None => (&drawn_id, about.scope("read:users")),
    };
    claims::of_access_token(
        &state.projects.of(product).id,
        claims::of_machine(client_id, &scope),
        (now, claims::LIFETIME_SECONDS),
    )
}

/// Returns the claims of a trusted auth token. `sessions.attest` finds the user or member by `email`, or else by the external
/// id in `sub`.
fn of_trusted_token(
    state: &mut State,
    (owner, about): (&Owner, &About),
    now: UnixSeconds,
) -> Object {
    let profile = about.profile.as_ref();
    let external_id = owner.person.get("external_id").and_then(Value::as_str);
    let mut claims = object(json!({
        "iss": profile.map(|profile| &profile.issuer),
        "aud": profile.map(|profile| &profile.audience),
        "sub": external_id.unwrap_or(&owner.proof.subject),
        "jti": state.ids.uuid(),
        "iat": now.0,
        "nbf": now.0,
        "exp": now.plus_seconds(claims::LIFETIME_SECONDS).0,
    }));
    if let Some(address) = owner.email_address() {
        claims.insert("email".into(), json!(address));
    }
    if let Some((organization_id, _)) = &owner.organization
        && !owner.person.is_null()
    {
        claims.insert("organization_id".into(), json!(organization_id));
    }
    claims
}
