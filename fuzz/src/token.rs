//! Compact serializations, their headers and their claims (RFC 7515, 7519), compared with
//! jwt-compact and serde_json: both accept every token that we accept, and read the same
//! values from it.
//!
//! An input of two lines or more is a header, a payload and the bytes of a signature, which
//! this target encodes. A random change to base64url text rarely results in valid base64url
//! text of valid JSON. Any other input is used as a token unchanged.

use std::{collections::BTreeMap, sync::LazyLock};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::value::RawValue;
use stytch_edge::{
    crypto::RsaPublicKey,
    jwt::{
        ClaimRules, ClockTolerance, JsonObject, MAX_TOKEN_BYTES, Refusal, RegisteredClaims,
        UntrustedToken,
    },
};

/// Accepted tokens are accepted by the references too. No signature verifies, because the key
/// has never signed.
pub fn holds(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let (Some(header), Some(payload)) = (parts.next(), parts.next()) else {
        if let Ok(token) = str::from_utf8(data) {
            compare(token);
        }
        return;
    };
    let signature = parts.next().unwrap_or_default();
    let parts = [header, payload, signature].map(Base64UrlUnpadded::encode_string);
    compare(&parts.join("."));
    compare_claims(payload);
}

fn compare(token: &str) {
    let Ok(ours) = UntrustedToken::parse(token) else {
        return;
    };
    assert!(token.len() <= MAX_TOKEN_BYTES);
    let parts: Vec<&str> = token.split('.').collect();
    let bytes = parts
        .iter()
        .map(|part| Base64UrlUnpadded::decode_vec(part).unwrap());
    let [header, _, signature]: [Vec<u8>; 3] = bytes.collect::<Vec<_>>().try_into().unwrap();
    assert!(!parts.iter().any(|part| part.is_empty()));

    let header = Reference::new(&header);
    assert_eq!(header.text("alg").as_deref(), Some("RS256"));
    let typ = header.text("typ");
    assert!(typ.is_some_and(|typ| typ.eq_ignore_ascii_case("jwt")));
    assert!(!header.0.contains_key("crit"));
    assert_eq!(header.text("kid").as_deref(), ours.kid());

    // jwt-compact rejects malformed members that we ignore, so it is compared only for headers
    // without other members.
    let compared = ["alg", "typ", "kid"];
    if header
        .0
        .keys()
        .all(|name| compared.contains(&name.as_str()))
    {
        let expected = jwt_compact::UntrustedToken::new(token).unwrap();
        assert_eq!(expected.algorithm(), "RS256");
        assert_eq!(expected.header().key_id.as_deref(), ours.kid());
        assert_eq!(*expected.signature_bytes(), signature);
    }
    assert_eq!(ours.verify(&KEY).err(), Some(Refusal::BadSignature));
}

/// Accepted claims satisfy the rules when serde_json reads them.
fn compare_claims(payload: &[u8]) {
    let issuers = ["stytch.com/p".to_owned()];
    let rules = ClaimRules {
        issuers: &issuers,
        audience: "p",
        now: NOW,
        tolerance: ClockTolerance::of(TOLERANCE),
    };
    let Ok(ours) = JsonObject::parse(payload) else {
        return;
    };
    let Ok(claims) = RegisteredClaims::validate(&ours, &rules) else {
        return;
    };
    let expected = Reference::new(payload);
    assert_eq!(expected.text("iss").as_deref(), Some("stytch.com/p"));
    let audience: Option<Vec<String>> = expected.read("aud", |json| {
        let one = serde_json::from_str(json).map(|name| vec![name]);
        one.or_else(|_| serde_json::from_str(json)).unwrap()
    });
    assert!(audience.unwrap().contains(&"p".to_owned()));
    assert!(expected.number("exp").unwrap() >= NOW - TOLERANCE - SLACK);
    let not_before = expected.number("nbf");
    assert!(not_before.is_none_or(|moment| moment <= NOW + TOLERANCE + SLACK));
    assert_eq!(expected.number("iat").is_some(), claims.issued_at.is_some());
    assert!(claims.expires_at.is_finite());
    assert_eq!(claims.subject, expected.text("sub").unwrap_or_default());
}

/// An object as serde_json reads it. Like [`JsonObject`], it does not parse a value before the
/// value is read.
struct Reference<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Reference<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self(serde_json::from_slice(text).unwrap())
    }

    fn read<T>(&self, name: &str, read: impl Fn(&str) -> T) -> Option<T> {
        self.0.get(name).map(|json| read(json.get()))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.read(name, |json| serde_json::from_str(json).unwrap())
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.read(name, |json| serde_json::from_str(json).unwrap())
    }
}

/// A key that has never signed: its modulus is 2^2048 - 1.
static KEY: LazyLock<RsaPublicKey> =
    LazyLock::new(|| RsaPublicKey::new(&[0xff; 256], &[1, 0, 1]).unwrap());

const NOW: f64 = 1_700_000_000.0;
const TOLERANCE: f64 = 5.0;
/// The two readers may differ slightly for times of more than fifteen digits.
const SLACK: f64 = 1e-4;
