//! Log-outs: only by a form of the same origin, and the session ends at the API.

use stytch_edge::{
    LogInRefusal, LoggedOut,
    client::{IncomingRequest, Reason},
};

use super::browser::Browser;
use crate::test_platform::{TestPlatform, run};

#[test]
fn clears_all_cookies_and_revokes_the_session() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/");
    browser.open(&platform, &url);
    browser.start(&platform, "user@example.com", "/");
    browser.keep(&["__Host-stytch_intermediate_session=/:a; Path=/".to_owned()]);
    let sent = platform.sent_during(|| {
        let LoggedOut::Done {
            set_cookies,
            is_revoked,
        } = run(client.log_out(browser.post("/log-out")))
        else {
            panic!("refused")
        };
        assert!(is_revoked);
        browser.keep(&set_cookies);
        assert!(browser.names().is_empty(), "{:?}", browser.names());
    });
    assert_eq!(sent, ["sessions/revoke", "sessions/revoke"]);
}

#[test]
fn refuses_other_origins_and_methods_and_clears_nothing() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let browser = Browser::default();
    let with = |method, site, origin| IncomingRequest {
        method,
        sec_fetch_site: site,
        origin,
        cookie: Some("stytch_session=a"),
        ..browser.get("/log-out")
    };
    let sent = platform.sent_during(|| {
        for (request, reason) in [
            (
                with("GET", Some("same-origin"), None),
                LogInRefusal::MethodNotAllowed,
            ),
            (
                with("POST", Some("cross-site"), None),
                LogInRefusal::CrossOrigin,
            ),
            (
                with("POST", Some("same-site"), Some("https://app.example")),
                LogInRefusal::CrossOrigin,
            ),
            (
                with("POST", None, Some("https://evil.example")),
                LogInRefusal::CrossOrigin,
            ),
            (with("POST", None, Some("null")), LogInRefusal::CrossOrigin),
            (with("POST", None, None), LogInRefusal::CrossOrigin),
        ] {
            assert_eq!(run(client.log_out(request)), LoggedOut::Refused(reason));
        }
    });
    assert!(sent.is_empty());
    let by_origin = with("POST", None, Some("https://app.example"));
    assert!(matches!(
        run(client.log_out(by_origin)),
        LoggedOut::Done { .. }
    ));
}

#[test]
fn reports_whether_the_api_could_be_reached() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let browser = Browser::default();
    let log_out = |cookie| {
        let request = IncomingRequest {
            cookie,
            ..browser.post("/log-out")
        };
        let LoggedOut::Done {
            set_cookies,
            is_revoked,
        } = run(client.log_out(request))
        else {
            panic!("refused")
        };
        assert!(set_cookies.len() >= 2);
        is_revoked
    };
    assert!(log_out(None), "the request has no session");
    assert!(
        log_out(Some("stytch_session=a b; stytch_session_jwt=x")),
        "no token"
    );
    platform.answer(404, r#"{"error_type": "session_not_found"}"#);
    assert!(log_out(Some("stytch_session=a")));
    platform.answer(500, "{}");
    assert!(!log_out(Some("stytch_session=a")));
    platform.answer(401, r#"{"error_type": "unauthorized_credentials"}"#);
    assert!(!log_out(Some("stytch_session=a")));
    platform.fail(Reason::Timeout);
    assert!(!log_out(Some("stytch_session_jwt=a.b.c")));
}
