//! The Host and Origin checks of a server around the emulator.

use stytch_emulator::{Front, FrontError, Request, Response};

fn front(host: &str, more: &[&str], cors: Option<&str>) -> Front {
    let more: Vec<String> = more.iter().map(|name| (*name).to_owned()).collect();
    Front::new(host, 8080, &more, cors).unwrap()
}

fn request(method: &str, headers: &[(&str, &str)]) -> Request {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        method: method.into(),
        path: "/_emulator/clock".into(),
        headers: headers.iter().map(owned).collect(),
        ..Request::default()
    }
}

/// Returns the status of a refusal or a preflight, or `None` if the request reaches the emulator.
fn status(front: &Front, headers: &[(&str, &str)]) -> Option<u16> {
    let response = front.check(&request("POST", headers));
    response.map(|response| response.status)
}

#[test]
fn accepts_only_its_own_addresses_as_host() {
    let local = front("127.0.0.1", &[], None);
    let own = [
        "127.0.0.1:8080",
        "localhost:8080",
        "LOCALHOST:8080",
        "[::1]:8080",
    ];
    for host in own {
        assert_eq!(status(&local, &[("host", host)]), None, "{host}");
    }
    let foreign = [
        "",
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example:8080",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:8081",
        "127.0.0.1:08080x",
        "127.0.0.1:8080:8080",
        "user@127.0.0.1:8080",
        "0.0.0.0:8080",
        "192.168.0.7:8080",
        "localhost.:8080",
        "[::1]",
        "[::2]:8080",
        "::1:8080",
    ];
    for host in foreign {
        assert_eq!(status(&local, &[("host", host)]), Some(403), "{host}");
    }
    assert_eq!(status(&local, &[]), Some(403));
    let on_port_80 = Front::new("127.0.0.1", 80, &[], None).unwrap();
    assert_eq!(status(&on_port_80, &[("host", "localhost")]), None);
}

#[test]
fn accepts_every_ip_address_if_it_listens_on_all_but_no_unknown_name() {
    for host in ["0.0.0.0", "::"] {
        let open = front(host, &["stytch"], None);
        for host in ["192.168.0.7:8080", "[fe80::1]:8080", "stytch:8080"] {
            assert_eq!(status(&open, &[("host", host)]), None, "{host}");
        }
        for host in ["evil.example:8080", "stytch.evil.example:8080"] {
            assert_eq!(status(&open, &[("host", host)]), Some(403), "{host}");
        }
    }
}

#[test]
fn refuses_pages_of_other_origins() {
    let local = front("127.0.0.1", &[], Some("http://localhost:3000"));
    let host = ("host", "127.0.0.1:8080");
    let allowed = [
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://localhost:3000",
    ];
    for origin in allowed {
        assert_eq!(
            status(&local, &[host, ("origin", origin)]),
            None,
            "{origin}"
        );
    }
    let refused = [
        "null",
        "",
        "http://evil.example",
        "http://localhost:3001",
        "https://localhost:3000",
        "https://127.0.0.1:8080",
        "http://127.0.0.1:8080.evil.example",
        "http://localhost:3000.evil.example",
        "http://evil.example http://localhost:3000",
    ];
    for origin in refused {
        let seen = status(&local, &[host, ("origin", origin)]);
        assert_eq!(seen, Some(403), "{origin}");
    }
}

#[test]
fn answers_preflights_and_adds_cors_headers_for_the_allowed_origin_only() {
    let local = front("127.0.0.1", &[], Some("http://localhost:3000"));
    let headers = [
        ("host", "127.0.0.1:8080"),
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    let preflight = request("OPTIONS", &headers);
    let mut response = local.check(&preflight).unwrap();
    local.finish(&preflight, &mut response);
    let value = |response: &Response, name: &str| {
        let found = response.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    assert_eq!(response.status, 204);
    assert_eq!(
        value(&response, "access-control-allow-origin").as_deref(),
        Some("http://localhost:3000")
    );
    assert_eq!(
        value(&response, "access-control-allow-headers").as_deref(),
        Some("authorization,content-type")
    );
    let own = request("POST", &headers[..1]);
    let mut response = local.check(&preflight).unwrap();
    response.headers.clear();
    local.finish(&own, &mut response);
    assert_eq!(response.headers, []);
}

#[test]
fn pages_of_loopback_hosts_may_call_the_routes_of_the_browser_sdks_only() {
    let local = front("127.0.0.1", &[], Some("https://app.example"));
    let decide = |path: &str, method: &str, origin: &str| {
        let asked = ("access-control-request-method", "POST");
        let host = ("host", "127.0.0.1:8080");
        let mut request = request(method, &[host, ("origin", origin), asked]);
        request.path = path.to_owned();
        let mut response = local.check(&request);
        let status = response.as_ref().map(|response| response.status);
        let mut answered = response.take().unwrap_or_else(|| {
            let mut emulator = crate::stand::Stand::new().emulator;
            emulator.handle(&request, stytch_emulator::UnixSeconds(0))
        });
        local.finish(&request, &mut answered);
        let allowed = ("access-control-allow-origin".to_owned(), origin.to_owned());
        (status, answered.headers.contains(&allowed))
    };
    let sdk = "/sdk/v1/sessions/authenticate";
    for origin in [
        "http://localhost:3000",
        "http://127.0.0.1:5173",
        "http://127.1.2.3",
        "http://[::1]:3000",
        "https://localhost:3000",
        "http://app.localhost:3000",
        "https://app.example",
    ] {
        assert_eq!(
            decide(sdk, "OPTIONS", origin),
            (Some(204), true),
            "{origin}"
        );
        assert_eq!(decide(sdk, "POST", origin), (None, true), "{origin}");
    }
    for origin in [
        "null",
        "",
        "http://evil.example",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://evil.example@localhost:3000",
        "http://localhost:3000/",
        "http://localhost:3000 http://evil.example",
        "file://localhost",
        "http://192.168.0.7:3000",
    ] {
        assert_eq!(
            decide(sdk, "OPTIONS", origin),
            (Some(403), false),
            "{origin}"
        );
        assert_eq!(decide(sdk, "POST", origin), (Some(403), false), "{origin}");
    }
    for path in [
        "/",
        "/_emulator/outbox.json",
        "/_emulator/sdk/v1/events",
        "/v1/sessions/authenticate",
        "/sdk/v1",
        "/x/sdk/v1/events",
    ] {
        let page = "http://localhost:3000";
        assert_eq!(decide(path, "POST", page), (Some(403), false), "{path}");
        assert_eq!(decide(path, "OPTIONS", page), (Some(403), false), "{path}");
    }
}

#[test]
fn refuses_malformed_settings() {
    let host = |name: &str| Front::new(name, 1, &[], None).err();
    for name in ["", "a b", "http://localhost", "localhost:80", "a/b"] {
        assert!(matches!(host(name), Some(FrontError::Host(_))), "{name}");
    }
    for origin in [
        "*",
        "null",
        "localhost:3000",
        "http://",
        "http://a/",
        "http://a:b",
    ] {
        let error = Front::new("127.0.0.1", 1, &[], Some(origin)).err();
        assert_eq!(error, Some(FrontError::Origin(origin.into())), "{origin}");
    }
}

#[test]
fn an_address_as_origin_must_be_the_address_of_the_host() {
    let open = front("0.0.0.0", &[], None);
    let host = ("host", "127.0.0.1:8080");
    assert_eq!(
        status(&open, &[host, ("origin", "http://127.0.0.1:8080")]),
        None
    );
    assert_eq!(
        status(&open, &[host, ("origin", "http://203.0.113.5:8080")]),
        Some(403)
    );
}

#[test]
fn refuses_requests_of_other_sites_that_have_no_origin() {
    let local = front("127.0.0.1", &[], None);
    let status = |method: &str, site: &str, mode: &str| {
        let headers = [
            ("host", "127.0.0.1:8080"),
            ("sec-fetch-site", site),
            ("sec-fetch-mode", mode),
        ];
        local
            .check(&request(method, &headers))
            .map(|response| response.status)
    };
    assert_eq!(status("GET", "cross-site", "no-cors"), Some(403));
    assert_eq!(status("GET", "same-site", "no-cors"), Some(403));
    assert_eq!(status("POST", "cross-site", "navigate"), Some(403));
    assert_eq!(status("GET", "cross-site", "navigate"), None);
    assert_eq!(status("GET", "same-origin", "no-cors"), None);
    assert_eq!(status("GET", "none", "navigate"), None);
}
