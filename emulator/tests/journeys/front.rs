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
