//! Checks that the example rejects requests without a valid session. It must call the API only
//! if it cannot decide locally.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::servers::Servers;
use super::transcript::{Transcript, expect};
use crate::loopback::Browser;

/// Requests `/api/me` without a session and with invalid tokens.
pub fn check(servers: &Servers, transcript: &Transcript<'_>) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let past = json!({ "iat": now - 1000, "nbf": now - 1000, "exp": now - 700 });
    let other = json!({ "iss": "stytch.com/project-test-other", "aud": ["project-test-other"] });
    let token_by = |key: &str, claims: &Value| servers.emulator.token(key, &json!({}), claims);
    let nothing = json!({});

    let cases: [(&str, Option<String>, &[&str]); 5] = [
        ("without a cookie", None, &["no_credentials"]),
        (
            "with a malformed token",
            Some("garbage".to_owned()),
            &["malformed"],
        ),
        (
            "with a token of another project",
            Some(token_by("current", &other)?),
            &["wrong_issuer", "wrong_audience"],
        ),
        (
            "with a token signed by another key",
            Some(token_by("stranger", &nothing)?),
            &["bad_signature"],
        ),
        (
            "with an unsigned token",
            Some(token_by("none", &nothing)?),
            &["wrong_algorithm"],
        ),
    ];
    let (_, before) = servers.emulator.calls_after(0)?;
    for (name, token, reasons) in cases {
        let title = format!("GET /api/me {name}: 401 {}", reasons.join(" or "));
        transcript.step(&title, || {
            expect_rejection(servers, token.as_deref(), reasons)
        })?;
    }
    transcript.step("these requests do not cause API calls", || {
        expect(
            "the API calls",
            servers.emulator.calls_after(before)?.0,
            vec![],
        )
    })?;
    let expired = token_by("current", &past)?;
    transcript.step(
        "an expired token without a session causes one API call: 401 session_not_found",
        || {
            expect_rejection(servers, Some(&expired), &["session_not_found"])?;
            expect(
                "the API calls",
                servers.emulator.calls_after(before)?.0,
                vec!["POST /v1/sessions/authenticate".to_owned()],
            )
        },
    )
}

fn expect_rejection(servers: &Servers, token: Option<&str>, reasons: &[&str]) -> Result<()> {
    let mut browser = Browser::new();
    if let Some(token) = token {
        browser.set_cookie("stytch_session_jwt", token);
    }
    let page = browser.get(&format!("{}/api/me", servers.app))?;
    expect("the status", page.status, 401)?;
    let answer = page.json()?;
    let reason = answer
        .get("reason")
        .and_then(Value::as_str)
        .context("the response has no reason")?;
    ensure!(
        reasons.contains(&reason),
        "the reason is {reason}, expected {}",
        reasons.join(" or ")
    );
    Ok(())
}
