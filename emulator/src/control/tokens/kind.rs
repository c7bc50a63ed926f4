//! The kinds of tokens, and the claims of each.

use serde_json::{Value, json};

use super::owner::Owner;
use crate::clock::UnixSeconds;
use crate::connected_apps::app::ConnectedApp;
use crate::fields::Fields;
use crate::merge::Object;
use crate::oauth2::claims;
use crate::product::Product;
use crate::session_jwt::{self, ORGANIZATION_CLAIM, OrganizationClaim};
use crate::sessions::Sessions;
use crate::state::State;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Session,
    ConnectedApp,
    Machine,
}

impl Kind {
    /// Reads `kind`. The default is `session`.
    pub(super) fn read(fields: &Fields) -> Result<Self, String> {
        match fields.value("kind").map_or(Some("session"), Value::as_str) {
            Some("session") => Ok(Self::Session),
            Some("connected_app") => Ok(Self::ConnectedApp),
            Some("m2m") => Ok(Self::Machine),
            _ => Err("kind must be session, connected_app or m2m".into()),
        }
    }

    /// Returns the claims of a valid token.
    pub(super) fn claims(
        self,
        state: &mut State,
        product: Product,
        (owner, app): (Owner, Option<&ConnectedApp>),
        now: UnixSeconds,
    ) -> Object {
        match self {
            Self::Session => of_session(state, product, owner, now),
            Self::ConnectedApp => of_connected_app(state, product, (owner, app), now),
            Self::Machine => of_machine(state, product, now),
        }
    }
}

/// Returns the claims of a stored session, or of a new session that is not stored.
fn of_session(state: &mut State, product: Product, owner: Owner, now: UnixSeconds) -> Object {
    let Owner {
        proof,
        organization,
        session,
    } = owner;
    let ids = &mut state.ids;
    let session = session.unwrap_or_else(|| Sessions::default().begin(ids, proof, 60, now));
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
    (owner, app): (Owner, Option<&ConnectedApp>),
    now: UnixSeconds,
) -> Object {
    let ids = &mut state.ids;
    let (drawn_id, jti) = (ids.id("connected-app"), ids.opaque_token());
    let client_id = app.map_or(&drawn_id, |app| &app.client_id);
    let lifetime = app.map_or(
        claims::LIFETIME_SECONDS,
        ConnectedApp::access_token_lifetime_seconds,
    );
    let project_id = &state.projects.of(product).id;
    let mut own = claims::of_connected_app(client_id, &owner.proof.subject, "openid", &jti);
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

/// Returns the claims of an M2M token. The client is not stored.
fn of_machine(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let own = claims::of_machine(&state.ids.id("m2m-client"), "read:users");
    claims::of_access_token(
        &state.projects.of(product).id,
        own,
        (now, claims::LIFETIME_SECONDS),
    )
}
