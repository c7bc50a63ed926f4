//! `POST /_emulator/tokens`: issues valid and invalid tokens, to test a verifier.
//!
//! The token has the usual form of its `kind` (`session`, `connected_app` or `m2m`). It belongs to a user or client that
//! is not stored, unless one of these fields selects its owner:
//!
//! | field | the token belongs to |
//! |---|---|
//! | `session_id` | this active session and its user or member (kind `session`) |
//! | `user_id` | this user (product `consumer`); the session itself is not stored |
//! | `member_id` | this member and its organization (product `b2b`); the session itself is not stored |
//! | `client_id` | this Connected App, in addition to a user or member (kind `connected_app`): the token has its lifetime and its custom audience |
//!
//! `flaw` selects one deviation that a verifier must refuse; the table is in `flaws.rs`. The given `header` and `claims`
//! are then merged into the token without validation (RFC 7396: `null` deletes). `key` selects the signature: `current`,
//! `stranger` (a key that is not in the JWK set) or `none`. A flaw in the signature cannot be combined with `key`.

mod flaws;
mod kind;
mod owner;
mod seal;

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product, refuse_unknown};
use crate::clock::UnixSeconds;
use crate::connected_apps::app::ConnectedApp;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::jws;
use crate::keys::SigningKey;
use crate::merge::{self, Object};
use crate::project::Project;
use crate::state::State;
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

    let app = read_app(state.projects.of(product), kind, fields)?;

    let flawed_kind = flaw.map_or(kind, |flaw| flaw.kind_instead_of(kind));
    let mut claims = flawed_kind.claims(state, product, (owner, app.as_ref()), now);
    let unlisted = unlisted_key(unlisted, &mut state.ids, flaw, seal)?;
    let project = state.projects.of(product);
    let current = project.keys.current();
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

/// Returns the registered app to which the token belongs, if `client_id` selects one.
fn read_app(
    project: &Project,
    kind: Kind,
    fields: &Fields,
) -> Result<Option<ConnectedApp>, Refusal> {
    let Some(given) = fields.value("client_id") else {
        return Ok(None);
    };
    if kind != Kind::ConnectedApp {
        return Err("client_id needs the kind connected_app".into());
    }
    let found = project
        .connected_apps
        .find(given.as_str().unwrap_or_default());
    let unknown = "client_id must be the id of a Connected App of the project";
    Ok(Some(found.map_err(|_| unknown)?.clone()))
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

const FIELDS: [&str; 10] = [
    "product",
    "kind",
    "flaw",
    "key",
    "session_id",
    "user_id",
    "member_id",
    "client_id",
    "header",
    "claims",
];
