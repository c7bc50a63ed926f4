//! Tests which cookies are set, and which options are refused.

use super::*;

const LATER: Option<UnixSeconds> = Some(1600.9);

#[test]
fn sets_a_cookie_until_its_session_ends() {
    let rules = CookieRules::default();
    assert_eq!(
        rules
            .set(Cookie::SessionToken, "a-b_c", LATER, 1000.0)
            .unwrap(),
        "stytch_session=a-b_c; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"
    );
    assert_eq!(
        rules
            .set(Cookie::SessionJwt, "a.b.c", Some(999.0), 1000.0)
            .unwrap(),
        "stytch_session_jwt=a.b.c; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
    );
    let until_browser_ends = rules.set(Cookie::SessionJwt, "a", None, 1000.0).unwrap();
    assert!(!until_browser_ends.contains("Max-Age"));
}

#[test]
fn writes_every_configured_attribute() {
    let rules = CookieRules::read(
        r#"{"session_jwt":"j","session_token":"t","http_only":false,"secure":true,"same_site":"none",
            "path":"/app","domain":"example.com","max_age_seconds":60}"#,
    )
    .unwrap();
    assert_eq!(
        rules.set(Cookie::SessionJwt, "a", LATER, 1000.0).unwrap(),
        "j=a; Path=/app; Domain=example.com; Max-Age=60; Secure; SameSite=None"
    );
    assert_eq!(
        rules.clear(Cookie::SessionToken),
        [
            "t=; Path=/app; Domain=example.com; Max-Age=0; Secure; SameSite=None",
            "t=; Path=/app; Max-Age=0; Secure; SameSite=None"
        ]
    );
    let strict = CookieRules::read(r#"{"same_site":"strict","secure":false,"path":null}"#).unwrap();
    assert_eq!(
        strict.clear(Cookie::SessionJwt),
        ["stytch_session_jwt=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"]
    );
    assert_eq!(*CookieRules::read("{}").unwrap(), CookieRules::default());
}

#[test]
fn refuses_a_cookie_that_a_browser_would_drop_or_misread() {
    let rules = CookieRules::default();
    let set = |value: &str| rules.set(Cookie::SessionJwt, value, LATER, 1000.0);
    let longest = MAX_COOKIE_BYTES - set("").unwrap().len();
    assert!(set(&"a".repeat(longest)).is_some());
    assert_eq!(set(&"a".repeat(longest + 1)), None);
    for value in ["a b", "a;b", "a,b", "a\"", "a\\", "a\r\nb", "ä"] {
        assert_eq!(set(value), None, "{value:?}");
    }
}

#[test]
fn names_each_invalid_or_unknown_option() {
    let name = |option: &str| {
        format!(
            "cookies.{option} must be a cookie name: 1 to 256 letters, digits or !#$%&'*+-.^_`|~"
        )
    };
    let (jwt_name, token_name) = (name("session_jwt"), name("session_token"));
    let long = format!(r#"{{"session_token":"{}"}}"#, "a".repeat(257));
    let long_path = format!(r#"{{"path":"/{}"}}"#, "a".repeat(1024));
    let object = "cookies must be an object";
    let secure = "cookies.secure must be true when same_site is \"none\" or a name starts with __Host- or __Secure-";
    let same_site = "cookies.same_site must be \"lax\", \"strict\" or \"none\"";
    let path = "cookies.path must start with / and have at most 1024 printable ASCII characters other than ;";
    let domain =
        "cookies.domain must be a domain name: at most 255 letters, digits, dots and hyphens";
    let max_age = "cookies.max_age_seconds must be a whole number of seconds from 1 to 4294967295";
    for (json, expected) in [
        ("", object),
        ("[]", object),
        (r#"["a"]"#, object),
        ("null", object),
        (r#"{"nam":"a"}"#, r#"unknown cookies option "nam""#),
        (
            r#"{"nam":null,"secure":1}"#,
            r#"unknown cookies option "nam""#,
        ),
        (
            r#"{"__proto__":{}}"#,
            r#"unknown cookies option "__proto__""#,
        ),
        (r#"{"session_jwt":""}"#, &*jwt_name),
        (r#"{"session_jwt":"a b"}"#, &*jwt_name),
        (r#"{"session_jwt":"a=b"}"#, &*jwt_name),
        (r#"{"session_jwt":"a;b"}"#, &*jwt_name),
        (r#"{"session_token":"a\u00e4"}"#, &*token_name),
        (&*long, &*token_name),
        (
            r#"{"session_jwt":"stytch_session"}"#,
            "cookies.session_jwt and cookies.session_token must be different names",
        ),
        (
            r#"{"session_jwt":{}}"#,
            "cookies.session_jwt must be a string",
        ),
        (
            r#"{"session_token":1}"#,
            "cookies.session_token must be a string",
        ),
        (
            r#"{"http_only":"yes"}"#,
            "cookies.http_only must be a boolean",
        ),
        (r#"{"secure":0}"#, "cookies.secure must be a boolean"),
        (r#"{"secure":[true]}"#, "cookies.secure must be a boolean"),
        (r#"{"same_site":"Lax"}"#, same_site),
        (r#"{"same_site":{"lax":null}}"#, same_site),
        (r#"{"same_site":"none","secure":false}"#, secure),
        (r#"{"session_jwt":"__Host-a","secure":false}"#, secure),
        (r#"{"session_token":"__Secure-a","secure":false}"#, secure),
        (r#"{"path":7}"#, "cookies.path must be a string"),
        (r#"{"path":""}"#, path),
        (r#"{"path":"app"}"#, path),
        (r#"{"path":"/; Domain=evil"}"#, path),
        (r#"{"path":"/\r\nSet-Cookie: a=b"}"#, path),
        (&*long_path, path),
        (r#"{"domain":false}"#, "cookies.domain must be a string"),
        (r#"{"domain":"a;b"}"#, domain),
        (r#"{"max_age_seconds":0}"#, max_age),
        (r#"{"max_age_seconds":-1}"#, max_age),
        (r#"{"max_age_seconds":1.5}"#, max_age),
        (r#"{"max_age_seconds":4294967296}"#, max_age),
        (r#"{"max_age_seconds":"60"}"#, max_age),
        (
            r#"{"session_jwt":"__Host-a","path":"/app"}"#,
            "cookies.path must be \"/\" when a name starts with __Host-",
        ),
        (
            r#"{"session_jwt":"__host-a","domain":"example.com"}"#,
            "cookies.domain must be absent when a name starts with __Host-",
        ),
    ] {
        let error = CookieRules::read(json).unwrap_err();
        assert_eq!(error.code.word(), "invalid_argument", "{json}");
        assert_eq!(error.message, expected, "{json}");
    }
    // If the rules are deserialized as a part of other options, the message is the same.
    let error = serde_json::from_str::<Vec<CookieRules>>(r#"[{"secure":0}]"#).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cookies.secure must be a boolean")
    );
    let nulls = r#"{"session_jwt":null,"secure":null,"same_site":null,"max_age_seconds":null}"#;
    assert_eq!(*CookieRules::read(nulls).unwrap(), CookieRules::default());
    let good = r#"{"session_jwt":"__Host-a","session_token":"__Secure-b"}"#;
    CookieRules::read(good).unwrap();
}

#[test]
fn a_partitioned_cookie_has_the_attribute_and_needs_secure() {
    let rules = CookieRules::read(r#"{"partitioned":true,"same_site":"none"}"#).unwrap();
    let line = rules.set(Cookie::SessionToken, "a", None, 0.0).unwrap();
    assert!(line.ends_with("; HttpOnly; Secure; SameSite=None; Partitioned"));
    let cleared = rules.clear(Cookie::SessionToken);
    assert!(cleared[0].ends_with("; Partitioned"), "{cleared:?}");
    let error = CookieRules::read(r#"{"partitioned":true,"secure":false}"#).unwrap_err();
    assert!(
        error
            .message
            .contains("secure must be true when partitioned")
    );
}

#[test]
fn a_mode_sets_the_names_and_http_only() {
    for (options, session_jwt, http_only) in [
        (
            r#"{"mode":"server"}"#,
            "__Host-stytch_server_session_jwt",
            true,
        ),
        (
            r#"{"domain":"a.b","mode":"server"}"#,
            "__Secure-stytch_server_session_jwt",
            true,
        ),
        (
            r#"{"mode":"server","path":"/app"}"#,
            "__Secure-stytch_server_session_jwt",
            true,
        ),
        (
            r#"{"mode":"server","secure":false}"#,
            "stytch_server_session_jwt",
            true,
        ),
        (r#"{"mode":"browser_sdk"}"#, "stytch_session_jwt", false),
        (
            r#"{"mode":null,"session_jwt":"a","http_only":false}"#,
            "a",
            false,
        ),
    ] {
        let rules = CookieRules::read(options).unwrap();
        let found = (rules.session_jwt.as_str(), rules.http_only);
        assert_eq!(found, (session_jwt, http_only), "{options}");
        rules.check().unwrap();
    }
    for options in [
        r#"{"mode":"both"}"#,
        r#"{"mode":"server","http_only":true}"#,
        r#"{"session_token":"a","mode":"server"}"#,
    ] {
        let error = CookieRules::read(options).unwrap_err();
        assert!(error.message.starts_with("cookies.mode"), "{options}");
    }
    let server = CookieRules::default().with_mode(CookieMode::Server);
    let sdk = CookieRules::default().with_mode(CookieMode::BrowserSdk);
    assert_eq!(server.names_of_other_mode().unwrap()[0], sdk.session_jwt);
    assert_eq!(sdk.names_of_other_mode().unwrap()[1], server.session_token);
    assert_eq!(CookieRules::default().names_of_other_mode(), None);
}
