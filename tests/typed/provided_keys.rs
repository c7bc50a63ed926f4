//! Keys of the configuration: `jwks`, `jwks_pinned` and `jwks_url`. Also `export_keys`, which returns the text for `jwks`.

use std::sync::Arc;

use serde_json::json;
use stytch_edge::{Client, ClientConfig, Error, client::ClientErrorCode};

use crate::{
    checks::{check, reason, token},
    test_platform::{TestPlatform, run},
};

/// A token with an unknown `kid`.
fn of_unknown_key(platform: &TestPlatform) -> String {
    let request = json!({"product": "consumer", "header": {"kid": "made-up"}});
    let signed = platform.control("POST", "/_emulator/tokens", &request);
    signed["token"].as_str().unwrap().to_owned()
}

/// The key set of the project. The client that fetches it is isolated, so that the keys are not loaded in other clients.
fn key_set(platform: &Arc<TestPlatform>) -> String {
    let client = platform.client_with(|config| config.isolated = true);
    run(client.export_keys()).unwrap()
}

#[test]
fn exported_keys_verify_tokens_without_a_request() {
    let platform = TestPlatform::new();
    let jwks = key_set(&platform);
    let set: serde_json::Value = serde_json::from_str(&jwks).unwrap();
    assert!(!set["keys"].as_array().unwrap().is_empty());
    let jwt = token(&platform, "consumer", json!({}));
    let client = platform.client_with(|config| config.jwks = Some(jwks.clone()));
    let requests = platform.sent_during(|| {
        run(client.load_keys()).unwrap();
        check(&client, &jwt).unwrap();
        assert_eq!(run(client.export_keys()).unwrap(), jwks);
    });
    assert_eq!(requests, Vec::<String>::new());
    // Other clients do not share the provided keys, and fetch the key set.
    let requests = platform.sent_during(|| drop(check(&platform.client(), &jwt).unwrap()));
    assert_eq!(requests.len(), 1);
}

#[test]
fn an_unknown_key_triggers_a_fetch_unless_the_keys_are_pinned() {
    let platform = TestPlatform::new();
    let (jwks, jwt) = (key_set(&platform), of_unknown_key(&platform));
    let client = |is_pinned| {
        platform.client_with(|config| {
            config.jwks = Some(jwks.clone());
            config.jwks_pinned = is_pinned;
        })
    };
    let requests = platform.sent_during(|| {
        let error = check(&client(false), &jwt).unwrap_err();
        assert_eq!(reason(error), ("jwt_invalid", "unknown_key"));
    });
    assert_eq!(requests.len(), 1, "{requests:?}");
    let requests = platform.sent_during(|| {
        let error = check(&client(true), &jwt).unwrap_err();
        assert_eq!(reason(error), ("jwt_invalid", "unknown_key"));
    });
    assert_eq!(requests, Vec::<String>::new());
}

#[test]
fn jwks_url_replaces_the_api_as_the_source_of_keys() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    platform.answer(200, &key_set(&platform));
    let url = "https://keys.example.com/project.json";
    let client = platform.client_with(|config| config.jwks_url = Some(url.to_owned()));
    check(&client, &jwt).unwrap();
    assert_eq!(platform.last_sent().1, url);
    let headers = platform.headers.lock().unwrap().clone();
    assert!(!headers.iter().any(|(name, _)| *name == "Authorization"));
    platform.answer(500, "{}");
    assert!(
        check(&platform.client(), &jwt).is_err(),
        "other clients do not share the keys"
    );
}

#[test]
fn invalid_keys_are_an_invalid_argument_that_names_the_option() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    let client = platform.client_with(|config| config.jwks = Some("{}".to_owned()));
    for error in [
        check(&client, &jwt).unwrap_err(),
        run(client.load_keys()).unwrap_err(),
    ] {
        assert_names(&error, "jwks");
    }
    let new = |change: fn(&mut ClientConfig)| {
        let mut config = ClientConfig::new("project-test-1", "secret-test-1");
        change(&mut config);
        Client::on(platform.clone(), &config).unwrap_err()
    };
    assert_names(&new(|config| config.jwks_pinned = true), "jwks_pinned");
    let set_url: fn(&mut ClientConfig) =
        |config| config.jwks_url = Some("http://keys.example.com/".to_owned());
    assert_names(&new(set_url), "jwks_url");
    assert!(platform.sent.lock().unwrap().is_empty());
}

fn assert_names(error: &Error, option: &str) {
    let Error::Client(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
    assert!(error.message.contains(&format!("\"{option}\"")), "{error}");
}
