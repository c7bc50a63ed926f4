//! Damaged responses of authenticators, wallets and identity providers: bytes are replaced, removed or repeated. Each answer
//! has a type of error, and nothing is accepted.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use serde_json::{Value, json};

use super::devices::security_key::SecurityKey;
use super::saml_signer::{ask, assertion, form, response, sign, trust};
use super::sso_browser::{Signed, post, stand};
use super::stand::{Answer, Stand};
use super::webauthn::{creation_options, log_in, register, registered, request_options, user};

const ROUNDS: usize = 300;

/// Replaces, removes or repeats bytes at one to three places.
fn damaged(rng: &mut ChaCha20Rng, bytes: &[u8]) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    let mut below = |end: usize| usize::try_from(rng.next_u32()).unwrap() % end.max(1);
    for _ in 0..=below(3) {
        let start = below(damaged.len());
        let end = (start + below(20)).min(damaged.len());
        match below(4) {
            0 => damaged.insert(start, u8::try_from(below(256)).unwrap()),
            1 => drop(damaged.drain(start..end)),
            2 => damaged.extend_from_within(start..end),
            _ if start < damaged.len() => damaged[start] = u8::try_from(below(256)).unwrap(),
            _ => {}
        }
    }
    damaged
}

#[track_caller]
fn refused(answer: &Answer) {
    let error_type = answer.body["error_type"].as_str().unwrap_or_default();
    assert!((400..500).contains(&answer.status), "{}", answer.body);
    assert!(!error_type.is_empty(), "{}", answer.body);
}

/// Damages a binary value of the response in a credential.
fn with_damage(rng: &mut ChaCha20Rng, credential: &str, name: &str) -> Option<String> {
    let mut changed: Value = serde_json::from_str(credential).unwrap();
    let value = changed["response"].get_mut(name)?;
    let before = value.as_str().unwrap().to_owned();
    let bytes = URL_SAFE_NO_PAD.decode(&before).unwrap();
    *value = URL_SAFE_NO_PAD.encode(damaged(rng, &bytes)).into();
    (*value != before).then(|| changed.to_string())
}

#[test]
fn damaged_credentials_are_refused() {
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let mut stand = Stand::new();
    let ada = user(&mut stand, "eve@example.com");
    let options = creation_options(&mut stand, &ada);
    let mut new = SecurityKey::new(2);
    new.format = "packed";
    let credential = new.create(&options);
    let mut count = 0;
    for round in 0..ROUNDS {
        let name = ["attestationObject", "clientDataJSON"][round % 2];
        if let Some(changed) = with_damage(&mut rng, &credential, name) {
            refused(&register(&mut stand, &ada, &changed));
            count += 1;
        }
    }
    register(&mut stand, &ada, &credential).ok();
    let (user_id, mut key) = registered(&mut stand);
    let options = request_options(&mut stand, &user_id);
    let credential = key.get(&options);
    let fresh = stand.emulator.snapshot();
    let names = [
        "authenticatorData",
        "clientDataJSON",
        "signature",
        "userHandle",
    ];
    for round in 0..ROUNDS {
        if let Some(changed) = with_damage(&mut rng, &credential, names[round % 4]) {
            refused(&log_in(&mut stand, &changed));
            count += 1;
        }
        if round % 5 == 0 {
            // Failed log-ins lock the user.
            stand.emulator.restore(&fresh).unwrap();
        }
    }
    stand.emulator.restore(&fresh).unwrap();
    log_in(&mut stand, &credential).ok();
    assert!(count > ROUNDS, "{count}");
}

#[test]
fn damaged_saml_responses_are_refused() {
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let (mut stand, acme, connection) = stand();
    trust(&mut stand, &acme, &connection);
    let asked = ask(&mut stand, &connection);
    // The signature covers the whole document, except for itself.
    let xml = sign(&response(&asked, &assertion(&asked)), "_r");
    let mut accepted = 0;
    for _ in 0..ROUNDS {
        let changed = damaged(&mut rng, xml.as_bytes());
        let fresh = stand.emulator.clone();
        let answer = post(
            &mut stand,
            &Signed {
                response: STANDARD.encode(&changed),
                ..form(&asked, "")
            },
        );
        let text = String::from_utf8_lossy(&changed).into_owned();
        if answer.status == 302 {
            // White space around the digest and between attributes is not a part of the canonical form.
            accepted += 1;
            stand.emulator = fresh;
            assert!(text.contains("ada@acme.example"), "{text}");
            continue;
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 400, "{body}");
        assert!(body["error_type"].is_string(), "{body}");
    }
    assert!(accepted < ROUNDS / 10, "{accepted}");
    assert_eq!(post(&mut stand, &form(&asked, &xml)).status, 302);
}

#[test]
fn damaged_bodies_have_typed_errors() {
    let mut rng = ChaCha20Rng::seed_from_u64(13);
    let mut stand = Stand::new();
    let whole = json!({
        "crypto_wallet_type": "solana", "crypto_wallet_address": "11111111111111111111111111111111",
        "siwe_params": { "domain": "a.example", "uri": "https://a.example/", "issued_at": "2026-01-01T00:00:00Z" },
        "hash": "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", "hash_type": "argon_2id",
        "email": "ada@example.com", "profile_id": "x", "token": "eyJhIjoxfQ.eyJhIjoxfQ.c2ln", "access_token": "a.b.c",
    })
    .to_string();
    for round in 0..ROUNDS {
        let body = damaged(&mut rng, whole.as_bytes());
        let route = [
            "POST /v1/crypto_wallets/authenticate/start",
            "POST /v1/passwords/migrate",
            "POST /v1/sessions/attest",
            "POST /v1/sessions/exchange_access_token",
        ][round % 4];
        let mut request =
            super::stand::request(route, Some(&super::stand::SETTINGS.consumer), Value::Null);
        request.body = body;
        let answer = stand.send(request);
        assert!(answer.status < 500, "{route} {}", answer.body);
        assert!(
            answer.status == 200 || answer.body["error_type"].is_string(),
            "{}",
            answer.body
        );
    }
}
