//! Tests of the cookies of log-ins that have not ended.

use super::*;

const NOW: UnixSeconds = 1_800_000_000.0;

fn flow(page: &str) -> FlowCookie {
    FlowCookie {
        expires_at: NOW + 600.0,
        starts: 2,
        verifier: Verifier::of([7; 32]),
        return_to: ReturnTo::checked(page).unwrap(),
    }
}

fn with(cookie: &str) -> IncomingRequest<'_> {
    IncomingRequest {
        cookie: Some(cookie),
        ..IncomingRequest::default()
    }
}

fn pair(line: &str) -> &str {
    line.split(';').next().unwrap()
}

#[test]
fn keeps_a_flow_with_all_attributes_and_reads_it_again() {
    let rules = CookieRules::default();
    let cookies = LogInCookies { rules: &rules };
    for page in ["/", "/a?b=c,d;e%25:f&g=h#i"] {
        let kept = cookies.keep_flow(FlowKind::Oauth, &flow(page), NOW);
        assert!(kept.starts_with("__Host-stytch_flow_oauth=1800000600:2:"));
        assert!(
            kept.ends_with("; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"),
            "{kept}"
        );
        let request = with(pair(&kept));
        assert_eq!(
            cookies.flow(&request, FlowKind::Oauth, NOW),
            Some(flow(page))
        );
        assert_eq!(cookies.flow(&request, FlowKind::Sso, NOW), None);
        assert_eq!(cookies.flow(&request, FlowKind::Oauth, NOW + 600.0), None);
    }
}

#[test]
fn the_prefix_of_the_names_follows_from_the_session_cookies() {
    for (secure, domain, name, attribute) in [
        (
            true,
            "",
            "__Host-stytch_password_reset=; Path=/; Max-Age=0",
            "; Secure",
        ),
        (
            true,
            "a.b",
            "__Secure-stytch_password_reset=; Path=/; Domain=a.b; ",
            "; Secure",
        ),
        (
            false,
            "",
            "stytch_password_reset=; Path=/; Max-Age=0",
            "; HttpOnly; SameSite",
        ),
    ] {
        let rules = CookieRules {
            secure,
            domain: domain.to_owned(),
            http_only: false,
            path: "/app".to_owned(),
            ..CookieRules::default()
        };
        let line = LogInCookies { rules: &rules }.clear_reset();
        assert!(line.starts_with(name) && line.contains(attribute), "{line}");
        assert!(line.contains("HttpOnly"));
    }
}

#[test]
fn a_changed_flow_is_not_a_flow_and_a_changed_page_is_the_home_page() {
    let rules = CookieRules::default();
    let cookies = LogInCookies { rules: &rules };
    let verifier = "a".repeat(43);
    for value in [
        "".to_owned(),
        "1".to_owned(),
        format!("9999999999:1:{verifier}"),
        format!(":1:{verifier}:/"),
        format!("x:1:{verifier}:/"),
        format!("9999999999:-1:{verifier}:/"),
        "9999999999:1:short:/".to_owned(),
        format!("99999999999999999999999:1:{verifier}:/"),
    ] {
        let header = format!("__Host-stytch_flow_sso={value}");
        let found = cookies.flow(&with(&header), FlowKind::Sso, NOW);
        assert_eq!(found, None, "{value}");
    }
    for page in ["//evil.example", "/%2Fevil", "https%3A//evil", "", "%ff"] {
        let header = format!("__Host-stytch_flow_sso=9999999999:1:{verifier}:{page}");
        let found = cookies.flow(&with(&header), FlowKind::Sso, NOW).unwrap();
        assert_eq!(found.return_to, ReturnTo::home(), "{page}");
    }
    // A name without the prefix can be set by another host of the domain.
    let header = format!("stytch_flow_sso=9999999999:1:{verifier}:/");
    assert_eq!(cookies.flow(&with(&header), FlowKind::Sso, NOW), None);
}

#[test]
fn a_flow_ends_with_its_last_tab() {
    let rules = CookieRules::default();
    let cookies = LogInCookies { rules: &rules };
    let line = cookies.end_flow(FlowKind::Oauth, &flow("/"), NOW + 100.0);
    assert!(line.contains("=1800000600:1:") && line.contains("Max-Age=500"));
    let last = FlowCookie {
        starts: 1,
        ..flow("/")
    };
    let line = cookies.end_flow(FlowKind::Oauth, &last, NOW);
    assert!(line.starts_with("__Host-stytch_flow_oauth=; Path=/; Max-Age=0;"));
}

#[test]
fn keeps_intermediate_sessions_resets_and_links() {
    let rules = CookieRules::default();
    let cookies = LogInCookies { rules: &rules };
    let page = ReturnTo::checked("/a:b").unwrap();
    let line = cookies.keep_intermediate("intermediate:1", [""; 2], &page);
    let line = line.unwrap();
    assert!(line.contains("Max-Age=600"));
    let pending = cookies.pending(&with(pair(&line)));
    assert_eq!((pending.organization_id, pending.member_id), (None, None));
    assert_eq!(
        pending.intermediate_session_token.as_deref(),
        Some("intermediate:1")
    );
    assert_eq!(
        (pending.has_password_reset, &pending.return_to),
        (false, &page)
    );
    assert_eq!(cookies.keep_intermediate("a;b", [""; 2], &page), None);

    for (ids, [organization_id, member_id]) in [
        (
            ["organization-1", "member-1"],
            [Some("organization-1"), Some("member-1")],
        ),
        (["a:b", "member-1"], [None, Some("member-1")]),
        (["a;b", &"m".repeat(201)], [None, None]),
    ] {
        let line = cookies.keep_intermediate("i:1", ids, &page).unwrap();
        let pending = cookies.pending(&with(pair(&line)));
        assert_eq!(pending.intermediate_session_token.as_deref(), Some("i:1"));
        assert_eq!(pending.organization_id.as_deref(), organization_id);
        assert_eq!(pending.member_id.as_deref(), member_id);
    }

    for verifier in [None, Some(Verifier::of([1; 32]))] {
        let kept = KeptReset {
            token: "t:u".to_owned(),
            verifier,
            return_to: page.clone(),
        };
        let line = cookies.keep_reset(&kept);
        assert_eq!(cookies.reset(&with(pair(&line))), Some(kept));
        let pending = cookies.pending(&with(pair(&line)));
        assert!(pending.has_password_reset && pending.return_to == page);
    }

    let link = KeptLink {
        token_type: "oauth".to_owned(),
        token: "t:u".to_owned(),
    };
    let line = cookies.keep_link(&link);
    assert_eq!(cookies.link(&with(pair(&line))), Some(link));
    assert_eq!(cookies.pending(&with("a=b")).return_to, ReturnTo::home());
}

#[test]
fn reads_values_that_a_framework_has_escaped() {
    let rules = CookieRules::default();
    let cookies = LogInCookies { rules: &rules };
    let escaped = |line: &str| {
        let (name, value) = pair(line).split_once('=').unwrap();
        let mut text = format!("{name}=");
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => text.push(byte.into()),
                _ => text.push_str(&format!("%{byte:02X}")),
            }
        }
        text
    };
    let flow = flow("/a?b=c,d;e%25:f&g=h#i");
    let text = escaped(&cookies.keep_flow(FlowKind::Oauth, &flow, NOW));
    assert_eq!(cookies.flow(&with(&text), FlowKind::Oauth, NOW), Some(flow));
    let page = ReturnTo::checked("/a?b=%25").unwrap();
    let line = cookies.keep_intermediate("t%k", ["o", "m"], &page).unwrap();
    let pending = cookies.pending(&with(&escaped(&line)));
    assert_eq!(pending.intermediate_session_token.as_deref(), Some("t%k"));
    assert_eq!(pending.return_to, page);
    // A second decoding must not find a token that a cookie cannot contain.
    for value in ["%2F%3A%3A%3At%3Bk", "%2F%3A%3A%3At%0D%0Ak", "%ff%3A"] {
        let text = format!("__Host-stytch_intermediate_session={value}");
        let pending = cookies.pending(&with(&text));
        assert_eq!(pending.intermediate_session_token, None, "{value}");
    }
}

#[test]
fn the_longest_values_fit_into_a_cookie_of_4096_bytes() {
    let rules = CookieRules {
        domain: "d".repeat(255),
        ..CookieRules::default()
    };
    let cookies = LogInCookies { rules: &rules };
    let page = ReturnTo::checked(&format!("/{}", ",".repeat(499))).unwrap();
    let kept = cookies.keep_reset(&KeptReset {
        token: "t".repeat(1_024),
        verifier: Some(Verifier::of([1; 32])),
        return_to: page,
    });
    assert!(kept.len() < 4_096, "{}", kept.len());
}

#[test]
fn clears_only_the_cookies_of_the_request() {
    let rules = CookieRules::default();
    let cookies = LogInCookies { rules: &rules };
    let header = "a=b; __Host-stytch_flow_sso=x; __Host-stytch_link=y; __Host-stytch_link=z";
    let lines = cookies.clear_present(&with(header));
    let names: Vec<&str> = lines.iter().map(|line| pair(line)).collect();
    assert_eq!(names, ["__Host-stytch_flow_sso=", "__Host-stytch_link="]);
}
