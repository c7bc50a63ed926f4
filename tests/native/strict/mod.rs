//! The rules for tokens, one test for each, named by the line of the RFC that it
//! stands on: what is signed here is refused for that rule and no other, because the
//! same token without the fault is taken.

mod claims;
mod header;
mod keys;
mod serialization;
mod session;

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    sha2::{Digest, Sha256},
    traits::PublicKeyParts,
};
use serde_json::Value;
use stytch_edge::{
    client::{
        Accepted, Asking, CacheLimits, CheckRequest, Checked, ClientError, Demand, KeySource,
        Scopes, check,
    },
    jwt::JwkSet,
    session::{CheckOptions, Issuer, Product, TokenKind},
};

const NOW: f64 = 1_800_000_000.0;
const PROJECT: &str = "project-test-strict";
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT","kid":"k"}"#;

/// The key of the set.
static OURS: LazyLock<RsaPrivateKey> = LazyLock::new(|| private_key(1, 2048));
/// A key of the same form that is in no set.
static STRANGERS: LazyLock<RsaPrivateKey> = LazyLock::new(|| private_key(2, 2048));

fn private_key(seed: u64, bits: usize) -> RsaPrivateKey {
    RsaPrivateKey::new(&mut ChaCha20Rng::seed_from_u64(seed), bits).unwrap()
}

/// The members of a good payload, each as it is written there.
fn members() -> Vec<(String, String)> {
    [
        ("iss", r#""stytch.com/project-test-strict""#),
        ("aud", r#"["project-test-strict"]"#),
        ("sub", r#""user-test-1""#),
        ("iat", "1799999900"),
        ("nbf", "1799999900"),
        ("exp", "1800000300"),
        (SESSION, r#"{"id":"session-test-1"}"#),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// A good payload with the member `name` written otherwise; without it, if `value` is
/// empty.
fn payload(name: &str, value: &str) -> String {
    let mut members = members();
    members.retain(|(other, _)| other != name);
    if !value.is_empty() {
        members.push((name.to_owned(), value.to_owned()));
    }
    object(&members)
}

fn object(members: &[(String, String)]) -> String {
    let members = members
        .iter()
        .map(|(name, value)| format!(r#""{name}":{value}"#));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn good_payload() -> String {
    object(&members())
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

fn signed_by(key: &RsaPrivateKey, header: &str, payload: impl AsRef<[u8]>) -> String {
    seal(key, &format!("{}.{}", encoded(header), encoded(payload)))
}

/// A good signature behind any text at all.
fn seal(key: &RsaPrivateKey, text: &str) -> String {
    let padding = Pkcs1v15Sign::new::<Sha256>();
    let signature = key.sign(padding, &Sha256::digest(text)).unwrap();
    format!("{text}.{}", encoded(signature))
}

fn signed(header: &str, payload: impl AsRef<[u8]>) -> String {
    signed_by(&OURS, header, payload)
}

/// A key as a JWK, whose `more` begins with a comma.
fn jwk(key: &RsaPrivateKey, kid: &str, more: &str) -> String {
    let [n, e] = [key.n(), key.e()].map(|number| encoded(number.to_bytes_be()));
    format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"{e}"{more}}}"#)
}

fn set_of(keys: &[String]) -> JwkSet {
    JwkSet::parse(&format!(r#"{{"keys":[{}]}}"#, keys.join(","))).unwrap()
}

/// How a check is to be made, where it is not the usual one.
#[derive(Clone, Copy)]
struct Way {
    product: Product,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
}

const USUAL: Way = Way {
    product: Product::Consumer,
    clock_tolerance: 0.0,
    max_token_age: None,
};

/// The session, or why the token is refused, all with the code `jwt_invalid`.
fn judged(token: &str) -> Result<Value, &'static str> {
    judged_by(set_of(&[jwk(&OURS, "k", "")]), token, USUAL)
}

fn judged_by(set: JwkSet, token: &str, way: Way) -> Result<Value, &'static str> {
    let issuer = Issuer {
        product: way.product,
        project_id: PROJECT.to_owned(),
        base_url: "https://login.example.com/".to_owned(),
    };
    let mut scopes = Scopes::new();
    scopes
        .keys_from(&issuer, KeySource::default())
        .store(set, NOW);
    let request = CheckRequest {
        issuer: &issuer,
        token,
        kind: TokenKind::Session,
        demand: &Demand::Nothing,
        options: CheckOptions {
            now: NOW,
            clock_tolerance: way.clock_tolerance,
            max_token_age: way.max_token_age,
        },
        asking: Asking::at(NOW),
        cache: CacheLimits::default(),
    };
    let first = check(&mut scopes, &request);
    // Seen before, it is judged by the same rules.
    let json = |checked: &Result<Checked<Accepted>, ClientError>| match checked {
        Ok(Checked::Done(accepted)) => Ok(accepted.json().to_owned()),
        Ok(Checked::Needed(needs)) => panic!("there are fresh keys, and it needs {needs:?}"),
        Err(error) => Err(error.clone()),
    };
    assert_eq!(json(&check(&mut scopes, &request)), json(&first));
    match first {
        Ok(Checked::Done(accepted)) => Ok(serde_json::from_str(accepted.json()).unwrap()),
        Ok(other) => panic!("there are fresh keys, and it is {other:?}"),
        Err(error) => {
            let reason = error.reason.unwrap().word();
            let too_old = reason == "too_old";
            let code = if too_old {
                "jwt_too_old"
            } else {
                "jwt_invalid"
            };
            assert_eq!(error.code.word(), code);
            Err(reason)
        }
    }
}

/// Whether a payload is taken, or why not.
fn claiming(payload: &str) -> Result<(), &'static str> {
    judged(&signed(HEADER, payload)).map(drop)
}

/// Whether a header is taken, or why not.
fn under(header: &str) -> Result<(), &'static str> {
    judged(&signed(header, good_payload())).map(drop)
}

const SESSION: &str = "https://stytch.com/session";
const ORGANIZATION: &str = "https://stytch.com/organization";
