//! `POST /_emulator/tokens`: session JWTs to test a verifier with, sound ones and broken ones.
//!
//! A token is of the usual form for a user nobody knows; then the header and claims given are merged in (RFC 7396, so
//! `null` deletes), whatever they do to it.

use serde_json::Value;
use serde_json::json;

use super::{Refusal, read_product};
use crate::Emulator;
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::jws;
use crate::keys::SigningKey;
use crate::merge::{self, Object};
use crate::routes::Product;
use crate::session_jwt::{self, OrganizationClaim};
use crate::sessions::{Attributes, Factor, Proof, Sessions};

/// Mints one token.
pub(super) fn mint(
    emulator: &mut Emulator,
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

    let mut claims = usual_claims(emulator, product, now);
    let mut header = jws::header(&emulator.project(product).keys.current().kid);
    if key == Some("none") {
        header.insert("alg".into(), json!("none"));
    }
    merge::merge_patch(&mut header, patches.0.unwrap_or(&Object::new()));
    merge::merge_patch(&mut claims, patches.1.unwrap_or(&Object::new()));

    let token = match key {
        Some("none") => Ok(format!("{}.", jws::unsigned(&header, &claims))),
        Some("current") => jws::sign(emulator.project(product).keys.current(), &header, &claims),
        Some("stranger") => jws::sign(&stranger(emulator)?, &header, &claims),
        _ => return Err("key must be current, stranger or none".into()),
    };
    Ok(json!({ "token": token.map_err(|_| "the token could not be signed")? }))
}

/// The claims of a session that has just begun, and is kept nowhere.
fn usual_claims(emulator: &mut Emulator, product: Product, now: UnixSeconds) -> Object {
    let ids = &mut emulator.ids;
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
    session_jwt::session_claims(&emulator.project(product).id, &session, organization, now)
}

fn stranger(emulator: &mut Emulator) -> Result<SigningKey, Refusal> {
    if emulator.control.stranger.is_none() {
        let key =
            SigningKey::generate(&mut emulator.ids).map_err(|_| "the key could not be made")?;
        emulator.control.stranger = Some(key);
    }
    emulator
        .control
        .stranger
        .clone()
        .ok_or_else(|| "the key could not be made".to_owned())
}
