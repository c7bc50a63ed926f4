//! The rules for tokens, one test for each rule, with the section of the RFC that requires it. Each test signs a token that
//! breaks only that rule: the same token without the fault is accepted.

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
        Accepted, CacheLimits, CheckRequest, Checked, ClientError, Expected, IsolateState,
        KeySource, LookupContext, Requirement, Terms, check,
    },
    jwt::{ClockTolerance, JwkSet},
    session::{CheckOptions, Issuer, Product, TokenKind},
};

const NOW: f64 = 1_800_000_000.0;
const PROJECT: &str = "project-test-strict";
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT","kid":"k"}"#;

/// The key of the project's key set.
static PROJECT_KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| private_key(1, 2048));
/// A key of the same size that the project's key set does not contain.
static OTHER_KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| private_key(2, 2048));

fn private_key(seed: u64, bits: usize) -> RsaPrivateKey {
    RsaPrivateKey::new(&mut ChaCha20Rng::seed_from_u64(seed), bits).unwrap()
}

/// The members of a valid payload, with their values as JSON text.
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

/// A valid payload in which the member `name` has another value. If `value` is empty, the member is omitted.
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

fn valid_payload() -> String {
    object(&members())
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

fn signed_by(key: &RsaPrivateKey, header: &str, payload: impl AsRef<[u8]>) -> String {
    signed_text(key, &format!("{}.{}", encoded(header), encoded(payload)))
}

/// A text with a valid signature.
fn signed_text(key: &RsaPrivateKey, text: &str) -> String {
    let padding = Pkcs1v15Sign::new::<Sha256>();
    let signature = key.sign(padding, &Sha256::digest(text)).unwrap();
    format!("{text}.{}", encoded(signature))
}

fn signed(header: &str, payload: impl AsRef<[u8]>) -> String {
    signed_by(&PROJECT_KEY, header, payload)
}

/// A key as a JWK. `more` contains further members and begins with a comma.
fn jwk(key: &RsaPrivateKey, kid: &str, more: &str) -> String {
    let [n, e] = [key.n(), key.e()].map(|number| encoded(number.to_bytes_be()));
    format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"{e}"{more}}}"#)
}

fn set_of(keys: &[String]) -> JwkSet {
    JwkSet::parse(&format!(r#"{{"keys":[{}]}}"#, keys.join(","))).unwrap()
}

/// The options of a check.
#[derive(Clone, Copy)]
struct Options {
    product: Product,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
}

const DEFAULT: Options = Options {
    product: Product::Consumer,
    clock_tolerance: 0.0,
    max_token_age: None,
};

/// Checks a token with the default options. Returns the session or the reason of the refusal.
fn checked(token: &str) -> Result<Value, &'static str> {
    check_with(set_of(&[jwk(&PROJECT_KEY, "k", "")]), token, DEFAULT)
}

fn check_with(set: JwkSet, token: &str, options: Options) -> Result<Value, &'static str> {
    let issuer = Issuer {
        product: options.product,
        project_id: PROJECT.to_owned(),
        base_url: "https://login.example.com/".to_owned(),
    };
    let mut state = IsolateState::new();
    state
        .keys_from(&issuer, KeySource::default())
        .store(set, NOW);
    let request = CheckRequest {
        issuer: &issuer,
        token,
        expected: Expected::One(Terms {
            kind: TokenKind::Session,
            requirement: &Requirement::Nothing,
            options: CheckOptions {
                now: NOW,
                tolerance: ClockTolerance::of(options.clock_tolerance),
                max_token_age: options.max_token_age,
            },
        }),
        lookup: LookupContext::at(NOW),
        cache: CacheLimits::default(),
    };
    let first = check(&mut state, &request);
    // A cached token has the same result.
    let json = |checked: &Result<Checked<Accepted>, ClientError>| match checked {
        Ok(Checked::Done(accepted)) => Ok(accepted.json().to_owned()),
        Ok(Checked::Needed(needs)) => panic!("the keys are loaded, but the check needs {needs:?}"),
        Err(error) => Err(error.clone()),
    };
    assert_eq!(json(&check(&mut state, &request)), json(&first));
    match first {
        Ok(Checked::Done(accepted)) => Ok(serde_json::from_str(accepted.json()).unwrap()),
        Ok(other) => panic!("the keys are loaded, but the result is {other:?}"),
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

/// Checks a token with this payload.
fn check_payload(payload: &str) -> Result<(), &'static str> {
    checked(&signed(HEADER, payload)).map(drop)
}

/// Checks a token with this header.
fn check_header(header: &str) -> Result<(), &'static str> {
    checked(&signed(header, valid_payload())).map(drop)
}

const SESSION: &str = "https://stytch.com/session";
const ORGANIZATION: &str = "https://stytch.com/organization";
