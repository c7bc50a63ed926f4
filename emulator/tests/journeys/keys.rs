//! Signing keys that a test provides.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::rand_core::OsRng;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use serde_json::{Value, json};

use crate::signatures::{consumer_keys, verifies};
use crate::stand::{Stand, open_jwt};

const ROTATE: &str = "POST /_emulator/keys/rotate";

fn encode(number: &BigUint) -> String {
    URL_SAFE_NO_PAD.encode(number.to_bytes_be())
}

fn private_jwk() -> Value {
    let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    let [p, q] = key.primes() else {
        panic!("a key has two primes")
    };
    json!({ "kty": "RSA", "n": encode(key.n()), "e": encode(key.e()), "p": encode(p), "q": encode(q) })
}

#[test]
fn a_given_key_signs_after_a_rotation() {
    let mut stand = Stand::new();
    let jwk = private_jwk();
    let answer = stand.open(ROTATE, json!({ "product": "consumer", "signing_key": jwk }));
    let kid = answer.ok().text("/kid");
    let token = stand.log_in("ada@example.com").text("/session_jwt");
    assert_eq!(open_jwt(&token).0["kid"], kid);
    assert!(kid.starts_with("stytch-emulator-"));
    assert!(verifies(&mut stand, &consumer_keys(), &token));
    let set = stand.open(&format!("GET {}", consumer_keys()), Value::Null);
    assert_eq!(set.ok().body["keys"][0]["n"], jwk["n"]);
}

#[test]
fn refuses_a_key_whose_members_do_not_belong_together() {
    let good = private_jwk();
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        jwk
    };
    let table = [
        (json!("a key"), "kty RSA"),
        (with("kty", json!("EC")), "kty RSA"),
        (with("p", Value::Null), "member p"),
        (with("q", json!("!")), "member q"),
        (with("q", json!("")), "member q"),
        (with("n", json!("AQAB")), "2048"),
        (with("q", good["p"].clone()), "2048"),
        (with("e", json!("AA")), "exponent"),
        (with("e", json!("Ag")), "not a usable"),
        (with("e", json!("AQABAQABAQAB")), "exponent"),
    ];
    let mut stand = Stand::new();
    let before = stand.open(&format!("GET {}", consumer_keys()), Value::Null);
    for (jwk, message) in table {
        let answer = stand.open(ROTATE, json!({ "product": "consumer", "signing_key": jwk }));
        assert_eq!(answer.status, 400, "{message}");
        let error = answer.text("/error");
        assert!(
            error.contains("signing_key") && error.contains(message),
            "{error}"
        );
    }
    let after = stand.open(&format!("GET {}", consumer_keys()), Value::Null);
    assert_eq!(before.ok().body["keys"], after.ok().body["keys"]);
}

#[test]
fn refuses_composite_factors_without_a_panic() {
    let number = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16).unwrap();
    let ones = number(&"f".repeat(256));
    let table = [
        (ones.clone(), ones.clone() - BigUint::from(2_u32)),
        (
            BigUint::from(1_u32) << 1023,
            (BigUint::from(1_u32) << 1024) - BigUint::from(1_u32),
        ),
        (BigUint::from(1_u32) << 1024, BigUint::from(1_u32) << 1024),
        (ones.clone(), ones),
    ];
    let mut stand = Stand::new();
    for (p, q) in table {
        let jwk = json!({ "kty": "RSA", "n": encode(&(&p * &q)), "e": "AQAB", "p": encode(&p), "q": encode(&q) });
        let answer = stand.open(ROTATE, json!({ "product": "consumer", "signing_key": jwk }));
        assert_eq!(answer.status, 400);
    }
}
