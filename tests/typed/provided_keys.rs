//! Keys that do not come from the API: `jwks`, `jwks_pinned`, `jwks_url`, and `export_keys`, which returns them.

use std::sync::Arc;

use serde_json::json;
use stytch_edge::{Client, ClientConfig, Error, client::ClientErrorCode};

use crate::{
    checks::{check, reason, token},
    stand::{Stand, run},
};

/// A token of a key that no key set contains.
fn of_unknown_key(stand: &Stand) -> String {
    let wish = json!({"product": "consumer", "header": {"kid": "made-up"}});
    let minted = stand.lever("POST", "/_emulator/tokens", &wish);
    minted["token"].as_str().unwrap().to_owned()
}

/// The key set of the project, from a client that is isolated so that no other client knows it.
fn key_set(stand: &Arc<Stand>) -> String {
    let client = stand.client_with(|config| config.isolated = true);
    run(client.export_keys()).unwrap()
}

#[test]
fn exported_keys_verify_tokens_without_a_request() {
    let stand = Stand::new();
    let jwks = key_set(&stand);
    let set: serde_json::Value = serde_json::from_str(&jwks).unwrap();
    assert!(!set["keys"].as_array().unwrap().is_empty());
    let jwt = token(&stand, "consumer", json!({}));
    let client = stand.client_with(|config| config.jwks = Some(jwks.clone()));
    let requests = stand.sent_during(|| {
        run(client.load_keys()).unwrap();
        check(&client, &jwt).unwrap();
        assert_eq!(run(client.export_keys()).unwrap(), jwks);
    });
    assert_eq!(requests, Vec::<String>::new());
    // Its keys are its own: a client without keys requests them.
    let requests = stand.sent_during(|| drop(check(&stand.client(), &jwt).unwrap()));
    assert_eq!(requests.len(), 1);
}

#[test]
fn a_key_that_is_not_provided_is_requested_unless_the_keys_are_pinned() {
    let stand = Stand::new();
    let (jwks, jwt) = (key_set(&stand), of_unknown_key(&stand));
    let client = |is_pinned| {
        stand.client_with(|config| {
            config.jwks = Some(jwks.clone());
            config.jwks_pinned = is_pinned;
        })
    };
    let requests = stand.sent_during(|| {
        let error = check(&client(false), &jwt).unwrap_err();
        assert_eq!(reason(error), ("jwt_invalid", "unknown_key"));
    });
    assert_eq!(requests.len(), 1, "{requests:?}");
    let requests = stand.sent_during(|| {
        let error = check(&client(true), &jwt).unwrap_err();
        assert_eq!(reason(error), ("jwt_invalid", "unknown_key"));
    });
    assert_eq!(requests, Vec::<String>::new());
}

#[test]
fn jwks_url_replaces_the_api_as_the_source_of_keys() {
    let stand = Stand::new();
    let jwt = token(&stand, "consumer", json!({}));
    stand.answer(200, &key_set(&stand));
    let url = "https://keys.example.com/project.json";
    let client = stand.client_with(|config| config.jwks_url = Some(url.to_owned()));
    check(&client, &jwt).unwrap();
    assert_eq!(stand.last_sent().1, url);
    let headers = stand.headers.lock().unwrap().clone();
    assert!(!headers.iter().any(|(name, _)| *name == "Authorization"));
    stand.answer(500, "{}");
    assert!(
        check(&stand.client(), &jwt).is_err(),
        "its keys are its own"
    );
}

#[test]
fn wrong_keys_are_an_invalid_argument_that_names_the_option() {
    let stand = Stand::new();
    let jwt = token(&stand, "consumer", json!({}));
    let client = stand.client_with(|config| config.jwks = Some("{}".to_owned()));
    for error in [
        check(&client, &jwt).unwrap_err(),
        run(client.load_keys()).unwrap_err(),
    ] {
        assert_names(&error, "jwks");
    }
    let new = |change: fn(&mut ClientConfig)| {
        let mut config = ClientConfig::new("project-test-1", "secret-test-1");
        change(&mut config);
        Client::on(stand.clone(), &config).unwrap_err()
    };
    assert_names(&new(|config| config.jwks_pinned = true), "jwks_pinned");
    let set_url: fn(&mut ClientConfig) =
        |config| config.jwks_url = Some("http://keys.example.com/".to_owned());
    assert_names(&new(set_url), "jwks_url");
    assert!(stand.sent.lock().unwrap().is_empty());
}

fn assert_names(error: &Error, option: &str) {
    let Error::Client(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
    assert!(error.message.contains(&format!("\"{option}\"")), "{error}");
}
