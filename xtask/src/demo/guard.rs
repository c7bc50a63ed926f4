//! What the guard of the example turns away, and that it asks nobody to do so, unless
//! only the API can tell.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::servers::Servers;
use super::transcript::{Transcript, expect};
use crate::loopback::Browser;

/// Knocks at `/api/me` with everything that must not open it.
pub fn walk(servers: &Servers, transcript: &Transcript<'_>) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let past = json!({ "iat": now - 1000, "nbf": now - 1000, "exp": now - 700 });
    let other = json!({ "iss": "stytch.com/project-test-other", "aud": ["project-test-other"] });
    let minted = |key: &str, claims: &Value| servers.emulator.token(key, &json!({}), claims);
    let nothing = json!({});

    let cases: [(&str, Option<String>, &[&str]); 5] = [
        ("no cookie", None, &["no_credentials"]),
        (
            "a garbage token",
            Some("garbage".to_owned()),
            &["malformed"],
        ),
        (
            "another project's token",
            Some(minted("current", &other)?),
            &["wrong_issuer", "wrong_audience"],
        ),
        (
            "a token by another key",
            Some(minted("stranger", &nothing)?),
            &["bad_signature"],
        ),
        (
            "an unsigned token",
            Some(minted("none", &nothing)?),
            &["wrong_algorithm"],
        ),
    ];
    let (_, before) = servers.emulator.calls_after(0)?;
    for (name, token, reasons) in cases {
        let title = format!("GET /api/me with {name}: 401 {}", reasons.join(" or "));
        transcript.step(&title, || turned_away(servers, token.as_deref(), reasons))?;
    }
    transcript.step("none of these reached the API", || {
        expect(
            "the emulator's calls",
            servers.emulator.calls_after(before)?.0,
            vec![],
        )
    })?;
    let expired = minted("current", &past)?;
    transcript.step(
        "an expired token without a session costs one call, and is refused",
        || {
            turned_away(servers, Some(&expired), &["session_not_found"])?;
            expect(
                "the emulator's calls",
                servers.emulator.calls_after(before)?.0,
                vec!["POST /v1/sessions/authenticate".to_owned()],
            )
        },
    )
}

fn turned_away(servers: &Servers, token: Option<&str>, reasons: &[&str]) -> Result<()> {
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
        .context("there is no reason")?;
    ensure!(reasons.contains(&reason), "the reason is {reason}");
    Ok(())
}
