//! The kinds of tokens, and the claims of each.

use serde_json::{Value, json};

use super::owner::Owner;
use crate::clock::UnixSeconds;
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
        owner: Owner,
        now: UnixSeconds,
    ) -> Object {
        match self {
            Self::Session => of_session(state, product, owner, now),
            Self::ConnectedApp => of_connected_app(state, product, owner, now),
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

/// Returns the claims of a token with which a Connected App acts for a user or member. The app is not registered.
fn of_connected_app(state: &mut State, product: Product, owner: Owner, now: UnixSeconds) -> Object {
    let ids = &mut state.ids;
    let (client_id, jti) = (ids.id("connected-app"), ids.opaque_token());
    let own = claims::of_connected_app(&client_id, &owner.proof.subject, "openid", &jti);
    let mut claims = claims::of_access_token(&state.projects.of(product).id, own, now);
    if let Some((organization_id, slug)) = owner.organization {
        let organization = json!({ "organization_id": organization_id, "slug": slug });
        claims.insert(ORGANIZATION_CLAIM.into(), organization);
    }
    claims
}

/// Returns the claims of an M2M token. The client is not stored.
fn of_machine(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let own = claims::of_machine(&state.ids.id("m2m-client"), "read:users");
    claims::of_access_token(&state.projects.of(product).id, own, now)
}
