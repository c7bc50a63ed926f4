//! Options of a client: isolation, lifetimes, the cache of verified tokens, the remote fallback and the cookies. Also
//! `load_keys`, `load_policies` and `reset`.

use serde_json::json;
use stytch_edge::{
    Access, client::CookieRules, client::RemoteFallback, client::Via,
    consumer::SessionsAuthenticateJwtRequest, shared::RemoteFallback as Word,
};

use crate::{
    checks::{check, reason, token},
    requests::{Options, cookie},
    rights::set_policy,
    test_platform::{NOW, TestPlatform, run},
};

#[test]
fn clients_of_a_project_share_state_unless_they_are_isolated() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    let count = |client: &stytch_edge::Client| {
        platform
            .sent_during(|| drop(check(client, &jwt).unwrap()))
            .len()
    };
    assert_eq!(count(&platform.client()), 1);
    assert_eq!(count(&platform.client()), 0);
    let isolated = platform.client_with(|config| config.isolated = true);
    assert_eq!(count(&isolated), 1);
    assert_eq!(count(&isolated.clone()), 0, "a clone shares the state");
    assert_eq!(
        count(&platform.client_with(|config| config.isolated = true)),
        1
    );
}

#[test]
fn load_keys_and_load_policies_request_each_once_and_reset_forgets_both() {
    let platform = TestPlatform::new();
    set_policy(&platform, "consumer", &[("editor", "write")]);
    let client = platform.client();
    let load = || {
        platform.sent_during(|| {
            run(client.load_keys()).unwrap();
            run(client.load_policies()).unwrap();
        })
    };
    let first = load();
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first[0].starts_with("sessions/jwks/"), "{first:?}");
    assert_eq!(first[1], "rbac/policy");
    assert!(load().is_empty());
    let jwt = token(&platform, "consumer", json!({}));
    assert!(
        platform
            .sent_during(|| drop(check(&client, &jwt)))
            .is_empty()
    );
    let other = platform.client_with(|config| config.isolated = true);
    run(other.load_keys()).unwrap();
    client.reset();
    assert!(
        platform
            .sent_during(|| drop(run(other.load_keys())))
            .is_empty()
    );
    assert_eq!(load().len(), 2);
}

#[test]
fn load_keys_fails_with_jwks_unavailable_during_an_outage() {
    let platform = TestPlatform::new();
    platform.answer(503, "{}");
    for error in [
        run(platform.client().load_keys()).unwrap_err(),
        run(platform.client().export_keys()).unwrap_err(),
    ] {
        assert_eq!(reason(error), ("jwks_unavailable", "keys_unavailable"));
    }
}

#[test]
fn keys_and_policies_age_as_the_configuration_says() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({"exp": NOW + 100_000}));
    let short = platform.client_with(|config| {
        config.keys_max_stale_seconds = 1_000.0;
        config.policy_ttl_seconds = 60.0;
    });
    check(&short, &jwt).unwrap();
    run(short.load_policies()).unwrap();
    platform.pass(59);
    assert!(
        platform
            .sent_during(|| drop(run(short.load_policies())))
            .is_empty()
    );
    platform.pass(1);
    let requests = platform.sent_during(|| run(short.load_policies()).unwrap());
    assert_eq!(requests, ["rbac/policy"]);
    platform.answer(503, "{}");
    platform.pass(939);
    check(&short, &jwt).unwrap();
    platform.pass(1);
    assert_eq!(
        reason(check(&short, &jwt).unwrap_err()).0,
        "jwks_unavailable"
    );
    // Another client of the project accepts the same keys for longer.
    check(&platform.client(), &jwt).unwrap();
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let mut config = stytch_edge::ClientConfig::new("project-test-1", "secret-test-1");
        config.policy_ttl_seconds = wrong;
        let error = stytch_edge::Client::on(platform.clone(), &config).unwrap_err();
        assert!(error.to_string().contains("policy_ttl_seconds"), "{error}");
    }
}

#[test]
fn token_cache_limits_the_number_and_the_size_of_cached_tokens() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    let header = format!("stytch_session_jwt={jwt}");
    let via = |client: &stytch_edge::Client| {
        let options = Options::default();
        let verdict = run(client.authenticate_request(cookie(&header), &options)).unwrap();
        match verdict.access {
            Access::Authenticated(user) => user.via,
            _ => panic!("the session was refused"),
        }
    };
    let without_cache = platform.client_with(|config| config.token_cache.max_entries = 0);
    assert_eq!(
        [via(&without_cache), via(&without_cache)],
        [Via::Local, Via::Local]
    );
    let small = platform.client_with(|config| config.token_cache.max_bytes = 100);
    assert_eq!([via(&small), via(&small)], [Via::Local, Via::Local]);
    let default = platform.client();
    assert_eq!([via(&default), via(&default)], [Via::Local, Via::Cache]);
}

#[test]
fn the_remote_fallback_of_the_configuration_applies_unless_a_call_has_its_own() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    check(&platform.client(), &jwt).unwrap();
    platform.pass(301);
    let header = format!("stytch_session_jwt={jwt}");
    let sends_a_request = |fallback, own| {
        let client = platform.client_with(|config| config.remote_fallback = fallback);
        let options = Options {
            remote_fallback: own,
            ..Options::default()
        };
        let headers = cookie(&header);
        // Longer than a refused session is remembered.
        platform.pass(11);
        let paths =
            platform.sent_during(|| drop(run(client.authenticate_request(headers, &options))));
        paths.contains(&"sessions/authenticate".to_owned())
    };
    let never = Some(RemoteFallback::Never);
    assert!(sends_a_request(None, None), "the default is stale");
    assert!(!sends_a_request(never, None));
    assert!(sends_a_request(never, Some(RemoteFallback::Stale)));
    assert!(!sends_a_request(None, never));
    let authenticate = |fallback, remote_fallback| {
        let client = platform.client_with(|config| config.remote_fallback = fallback);
        let request = SessionsAuthenticateJwtRequest {
            session_jwt: token(&platform, "consumer", json!({"iss": "another"})),
            remote_fallback,
            ..Default::default()
        };
        let work = || drop(run(client.sessions().authenticate_jwt(&request)));
        platform.sent_during(work).len()
    };
    assert_eq!(authenticate(None, None), 1, "the default is always");
    assert_eq!(authenticate(never, None), 0);
    assert_eq!(authenticate(never, Some(Word::Always)), 1);
}

#[test]
fn the_cookies_of_the_configuration_are_read_set_and_cleared() {
    let platform = TestPlatform::new();
    let rules = CookieRules {
        session_jwt: "__Host-jwt".to_owned(),
        session_token: "__Host-token".to_owned(),
        ..CookieRules::default()
    };
    let client = platform.client_with(|config| config.cookies = rules.clone());
    let b2b = platform.b2b_client_with(|config| config.cookies = rules.clone());
    let jwt = token(&platform, "consumer", json!({}));
    let authenticated = |header: &str, options: &Options| {
        let verdict = run(client.authenticate_request(cookie(header), options)).unwrap();
        matches!(verdict.access, Access::Authenticated(_))
    };
    let own = Options {
        cookies: Some(CookieRules::default()),
        ..Options::default()
    };
    let ours = format!("__Host-jwt={jwt}");
    assert!(authenticated(&ours, &Options::default()));
    assert!(!authenticated(&ours, &own));
    assert!(authenticated(&format!("stytch_session_jwt={jwt}"), &own));
    let set = client.session_cookies(("a.b.c", "t"), "2027-01-15T08:10:00Z");
    assert_eq!(
        set,
        b2b.session_cookies(("a.b.c", "t"), "2027-01-15T08:10:00Z")
    );
    let attributes = "Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(set[0], format!("__Host-jwt=a.b.c; {attributes}"));
    let cleared = client.clear_session_cookies();
    assert_eq!(cleared, b2b.clear_session_cookies());
    assert!(cleared[1].starts_with("__Host-token=; ") && cleared[1].contains("Max-Age=0"));
    let mut config = stytch_edge::ClientConfig::new("project-test-1", "secret-test-1");
    config.cookies.path = "app".to_owned();
    let error = stytch_edge::Client::on(platform.clone(), &config).unwrap_err();
    assert!(error.to_string().contains("cookies.path"), "{error}");
}
