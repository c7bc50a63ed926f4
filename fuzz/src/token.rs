//! Compact serializations and what stands in them (RFC 7515, 7519), judged by
//! jwt-compact and serde_json: whatever we take, they take and read the same.
//!
//! A text of two lines or more is a header, a payload and the bytes of a signature
//! before they are encoded, because no chance change makes a good base64url text
//! from another one; any other text is a token as it stands.

use std::{collections::BTreeMap, sync::LazyLock};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::value::RawValue;
use stytch_edge::{
    crypto::RsaPublicKey,
    jwt::{ClaimRules, JsonObject, MAX_TOKEN_BYTES, Refusal, RegisteredClaims, UntrustedToken},
};

/// What is taken is what others take too, and no stranger's signature is good.
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
    judge(payload);
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

    let header = Judged::new(&header);
    assert_eq!(header.text("alg").as_deref(), Some("RS256"));
    let typ = header.text("typ");
    assert!(typ.is_some_and(|typ| typ.eq_ignore_ascii_case("jwt")));
    assert!(!header.0.contains_key("crit"));
    assert_eq!(header.text("kid").as_deref(), ours.kid());

    // It reads some members that decide nothing here, and is strict about these.
    let others = ["alg", "typ", "kid"];
    if header.0.keys().all(|name| others.contains(&name.as_str())) {
        let judged = jwt_compact::UntrustedToken::new(token).unwrap();
        assert_eq!(judged.algorithm(), "RS256");
        assert_eq!(judged.header().key_id.as_deref(), ours.kid());
        assert_eq!(*judged.signature_bytes(), signature);
    }
    assert_eq!(ours.verify(&KEY).err(), Some(Refusal::BadSignature));
}

/// Claims that pass satisfy the rules as serde_json reads them.
fn judge(payload: &[u8]) {
    let issuers = ["stytch.com/p".to_owned()];
    let rules = ClaimRules {
        issuers: &issuers,
        audience: "p",
        now: NOW,
        clock_tolerance: TOLERANCE,
    };
    let Ok(ours) = JsonObject::parse(payload) else {
        return;
    };
    let Ok(claims) = RegisteredClaims::judge(&ours, &rules) else {
        return;
    };
    let judged = Judged::new(payload);
    assert_eq!(judged.text("iss").as_deref(), Some("stytch.com/p"));
    let audience: Option<Vec<String>> = judged.read("aud", |json| {
        let one = serde_json::from_str(json).map(|name| vec![name]);
        one.or_else(|_| serde_json::from_str(json)).unwrap()
    });
    assert!(audience.unwrap().contains(&"p".to_owned()));
    assert!(judged.number("exp").unwrap() >= NOW - TOLERANCE - SLACK);
    let not_before = judged.number("nbf");
    assert!(not_before.is_none_or(|moment| moment <= NOW + TOLERANCE + SLACK));
    assert_eq!(judged.number("iat").is_some(), claims.issued_at.is_some());
    assert!(claims.expires_at.is_finite());
    assert_eq!(claims.subject, judged.text("sub").unwrap_or_default());
}

/// An object as serde_json reads it. Values that nobody asks for are not looked into,
/// here as there.
struct Judged<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Judged<'a> {
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

/// A key that has signed nothing: its modulus is 2^2048 - 1.
static KEY: LazyLock<RsaPublicKey> =
    LazyLock::new(|| RsaPublicKey::new(&[0xff; 256], &[1, 0, 1]).unwrap());

const NOW: f64 = 1_700_000_000.0;
const TOLERANCE: f64 = 5.0;
/// Moments of more than fifteen digits are read a little otherwise.
const SLACK: f64 = 1e-4;
