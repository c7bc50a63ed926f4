//! `POST /_emulator/tokens`: tokens to test a verifier with, sound ones and broken ones.
//!
//! A token is of the usual form of its kind (a session, a Connected App, a machine) for somebody nobody knows; then the
//! header and claims given are merged in (RFC 7396, so `null` deletes), whatever they do to it.

use serde_json::Value;
use serde_json::json;

use super::lever::{Refusal, read_product};
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

/// Mints one token.
pub(super) fn mint(
    state: &mut State,
    stranger: &mut Option<SigningKey>,
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
        Some("stranger") => jws::sign(stranger_key(stranger, &mut state.ids)?, &header, &claims),
        _ => return Err("key must be current, stranger or none".into()),
    };
    Ok(json!({ "token": token.map_err(|_| "the token could not be signed")? }))
}

/// The claims of a session that has just begun, and is kept nowhere.
fn of_session(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let ids = &mut state.ids;
    let (prefix, role) = match product {
        Product::Consumer => ("user", "stytch_user"),
        Product::B2b => ("member", "stytch_member"),
    };
    let proof = Proof {
        subject: ids.id(prefix),
        roles: vec![role.to_owned()],
        factor: Factor::magic_link(&ids.id("email"), "somebody@example.com", now),
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

/// The claims of a token by which an app that is registered nowhere acts for somebody.
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

/// The claims of a machine's token.
fn of_machine(state: &mut State, product: Product, now: UnixSeconds) -> Object {
    let own = claims::of_machine(&state.ids.id("m2m-client"), "read:users");
    claims::of_access_token(&state.projects.of(product).id, own, now)
}

/// The key that no JWK set shows, made when it is first asked for.
fn stranger_key<'a>(
    known: &'a mut Option<SigningKey>,
    ids: &mut Ids,
) -> Result<&'a SigningKey, Refusal> {
    let key = match known.take() {
        Some(key) => key,
        None => SigningKey::generate(ids).map_err(|_| "the key could not be made")?,
    };
    Ok(known.insert(key))
}
