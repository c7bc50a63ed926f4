//! `POST /_emulator/tokens`: issues valid and invalid tokens, to test a verifier.
//!
//! The token has the usual form of its `kind`:
//!
//! | kind | the token |
//! |---|---|
//! | `session` | a session JWT |
//! | `connected_app` | an access token of a Connected App |
//! | `id_token` | an ID token for a Connected App |
//! | `m2m` | an access token of an M2M client |
//! | `trusted_token` | a trusted auth token of the profile `profile_id`, for `sessions.attest` |
//!
//! It belongs to a user or client that is not stored, unless one of these fields selects its owner:
//!
//! | field | the token belongs to |
//! |---|---|
//! | `session_id` | this active session and its user or member (kind `session`) |
//! | `user_id` | this user (product `consumer`); the session itself is not stored |
//! | `member_id` | this member and its organization (product `b2b`); the session itself is not stored |
//! | `client_id` | this M2M client, or this Connected App in addition to a user or member: an access token has the lifetime and the custom audience of the app |
//!
//! `factors` names the authentication factors of a session that is not stored; the names are in `factors.rs`. `scopes` are
//! the scopes of the token of a client.
//!
//! `flaw` selects one deviation that a verifier must refuse; the table is in `flaws.rs`. The given `header` and `claims`
//! are then merged into the token without validation (RFC 7396: `null` deletes). `key` selects the signature: `current`,
//! `stranger` (a key that is not in the JWK set) or `none`. A flaw in the signature cannot be combined with `key`.

mod about;
mod factors;
mod flaws;
mod kind;
mod owner;
mod seal;

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product, refuse_unknown};
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::jws;
use crate::keys::SigningKey;
use crate::merge::{self, Object};
use crate::state::State;
use crate::trusted_tokens;
use about::About;
use flaws::{Flaw, Setting};
use kind::Kind;
use owner::Owner;
use seal::Seal;

/// Issues one token.
pub(super) fn mint(
    state: &mut State,
    unlisted: &mut Option<SigningKey>,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Refusal> {
    refuse_unknown(fields, &FIELDS)?;
    let product = read_product(fields)?;
    let object = |name| {
        let given = fields.object(name);
        given.map_err(|_| format!("{name} must be an object"))
    };
    let patches = (object("header")?, object("claims")?);
    let now = state.projects.of(product).token_time(now);
    let kind = Kind::read(fields)?;
    let flaw = Flaw::read(fields, kind)?;
    let seal = read_seal(fields, flaw)?;
    let owner = Owner::read(state, product, kind, fields, now)?;
    let about = About::read(state.projects.of(product), kind, fields)?;

    let flawed_kind = flaw.map_or(kind, |flaw| flaw.kind_instead_of(kind));
    let mut claims = flawed_kind.claims(state, product, (owner, &about), now);
    let unlisted = unlisted_key(unlisted, &mut state.ids, flaw, seal)?;
    let project = state.projects.of(product);
    let issuer = match flawed_kind {
        Kind::TrustedToken => Some(trusted_tokens::issuer_key().ok_or("cannot prepare the key")?),
        _ => None,
    };
    let current = issuer.as_ref().unwrap_or(project.keys.current());
    let mut header = jws::header(&current.kid);
    if seal == Seal::None {
        header.insert("alg".into(), json!("none"));
    }
    if let Some(flaw) = flaw {
        let setting = Setting {
            now,
            project_id: &project.id,
            unlisted,
        };
        flaw.apply(&mut header, &mut claims, &setting);
    }
    merge::merge_patch(&mut header, patches.0.unwrap_or(&Object::new()));
    merge::merge_patch(&mut claims, patches.1.unwrap_or(&Object::new()));
    let token = seal.token(&header, &claims, current, unlisted)?;
    let token = flaw.map_or(token.clone(), |flaw| flaw.damage(token));
    Ok(json!({ "token": token }))
}

fn read_seal(fields: &Fields, flaw: Option<&Flaw>) -> Result<Seal, Refusal> {
    let own = flaw.and_then(|flaw| flaw.seal);
    match (fields.value("key").map(Value::as_str), own) {
        (None, own) => Ok(own.unwrap_or(Seal::Current)),
        (Some(_), Some(_)) => Err("key must not be given with a flaw of the signature".into()),
        (Some(Some("current")), None) => Ok(Seal::Current),
        (Some(Some("stranger")), None) => Ok(Seal::Stranger),
        (Some(Some("none")), None) => Ok(Seal::None),
        (Some(_), None) => Err("key must be current, stranger or none".into()),
    }
}

/// Returns the key that is not in a JWK set, if the token needs it.
fn unlisted_key<'a>(
    known: &'a mut Option<SigningKey>,
    ids: &mut Ids,
    flaw: Option<&Flaw>,
    seal: Seal,
) -> Result<Option<&'a SigningKey>, Refusal> {
    let needed = seal == Seal::Stranger || flaw.is_some_and(|flaw| flaw.names_the_unlisted_key);
    if needed && known.is_none() {
        *known = Some(SigningKey::unlisted(ids).map_err(|_| "cannot generate the key")?);
    }
    Ok(known.as_ref())
}

const FIELDS: [&str; 13] = [
    "product",
    "kind",
    "flaw",
    "key",
    "session_id",
    "user_id",
    "member_id",
    "client_id",
    "factors",
    "scopes",
    "profile_id",
    "header",
    "claims",
];
