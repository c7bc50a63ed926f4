//! `POST /_emulator/tokens`: issues valid and invalid tokens, to test a verifier.
//!
//! The token has the usual form of its kind (session, Connected App or M2M), for a user or client that is not stored.
//! The given header and claims are then merged into it without validation (RFC 7396: `null` deletes).

use serde_json::Value;
use serde_json::json;

use super::arguments::{Refusal, read_product};
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::jws;
use crate::keys::SigningKey;
use crate::merge::{self, Object};
use crate::oauth2::claims;
use crate::product::Product;
use crate::session_jwt::{self, ORGANIZATION_CLAIM, OrganizationClaim};
use crate::sessions::{Attributes, Factor, Proof, Sessions};
use crate::state::State;

/// Issues one token.
pub(super) fn mint(
    state: &mut State,
    unlisted: &mut Option<SigningKey>,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let object = |name| {
        fields
            .object(name)
            .map_err(|_| format!("{name} must be an object"))
    };
    let patches = (object("header")?, object("claims")?);
    let key = fields.value("key").map_or(Some("current"), Value::as_str);

    let now = state.projects.of(product).token_time(now);
    let kind = fields.value("kind").map_or(Some("session"), Value::as_str);
    let mut claims = match kind {
        Some("session") => of_session(state, product, now),
        Some("connected_app") => of_connected_app(state, product, now),
        Some("m2m") => of_machine(state, product, now),
        _ => return Err("kind must be session, connected_app or m2m".into()),
    };
    let mut header = jws::header(&state.projects.of(product).keys.current().kid);
    if key == Some("none") {
        header.insert("alg".into(), json!("none"));
    }
    merge::merge_patch(&mut header, patches.0.unwrap_or(&Object::new()));
    merge::merge_patch(&mut claims, patches.1.unwrap_or(&Object::new()));

    let token = match key {
        Some("none") => Ok(format!("{}.", jws::unsigned(&header, &claims))),
        Some("current") => jws::sign(state.projects.of(product).keys.current(), &header, &claims),
        Some("stranger") => jws::sign(unlisted_key(unlisted, &mut state.ids)?, &header, &claims),
        _ => return Err("key must be current, stranger or none".into()),
    };
    Ok(json!({ "token": token.map_err(|_| "cannot sign the token")? }))
}

/// Returns the claims of a new session that is not stored.
fn of_session(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let ids = &mut state.ids;
    let (prefix, role) = match product {
        Product::Consumer => ("user", "stytch_user"),
        Product::B2b => ("member", "stytch_member"),
    };
    let proof = Proof {
        subject: ids.id(prefix),
        roles: vec![role.to_owned()],
        factor: Factor::magic_link(&ids.id("email"), "user@example.com", now),
        attributes: Attributes::default(),
    };
    let session = Sessions::default().begin(ids, proof, 60, now);
    let organization_id = ids.id("organization");
    let claim = OrganizationClaim {
        id: &organization_id,
        slug: "somewhere",
    };
    let organization = (product == Product::B2b).then_some(claim);
    session_jwt::session_claims(&state.projects.of(product).id, &session, organization, now)
}

/// Returns the claims of a token with which a Connected App acts for a user or member. The app is not registered.
fn of_connected_app(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let ids = &mut state.ids;
    let client_id = ids.id("connected-app");
    let subject = ids.id(match product {
        Product::Consumer => "user",
        Product::B2b => "member",
    });
    let own = claims::of_connected_app(&client_id, &subject, "openid", &ids.opaque_token());
    let organization_id = ids.id("organization");
    let mut claims = claims::of_access_token(&state.projects.of(product).id, own, now);
    if product == Product::B2b {
        let organization = json!({ "organization_id": organization_id, "slug": "somewhere" });
        claims.insert(ORGANIZATION_CLAIM.into(), organization);
    }
    claims
}

/// Returns the claims of an M2M token.
fn of_machine(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let own = claims::of_machine(&state.ids.id("m2m-client"), "read:users");
    claims::of_access_token(&state.projects.of(product).id, own, now)
}

/// Returns the key that is not in a JWK set. It is generated when it is first used.
fn unlisted_key<'a>(
    known: &'a mut Option<SigningKey>,
    ids: &mut Ids,
) -> Result<&'a SigningKey, Refusal> {
    let key = match known.take() {
        Some(key) => key,
        None => SigningKey::unlisted(ids).map_err(|_| "cannot generate the key")?,
    };
    Ok(known.insert(key))
}
