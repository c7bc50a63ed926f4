//! The way of a person through the example, over HTTP: log in by an e-mail's link,
//! see the guarded page, log out.
//!
//! What the page says of its own fetches is held against the emulator's log.

use anyhow::{Context, Result, ensure};

use super::servers::Servers;
use super::transcript::{Transcript, expect};
use crate::loopback::{Browser, Page};

/// Walks from the log-in form to the log-out.
pub fn walk(servers: &Servers, transcript: &Transcript<'_>) -> Result<()> {
    let (app, emulator) = (&servers.app, &servers.emulator);
    let mut browser = Browser::new();

    transcript.step("GET / shows a log-in form", || {
        let page = browser.get(app)?;
        expect("the status", page.status, 200)?;
        let has_field = page.body.contains("name=\"email\"") || page.body.contains("name=email");
        ensure!(has_field, "there is no field for an e-mail address");
        Ok(())
    })?;
    transcript.step("POST /login sends an e-mail with a link back here", || {
        let page = browser.post_form(&format!("{app}/login"), &[("email", ADDRESS)])?;
        ensure!(page.status < 400, "the status is {}", page.status);
        let link = emulator.newest_link(ADDRESS)?;
        ensure!(
            link.starts_with(&format!("{app}/authenticate?")),
            "the link leads elsewhere"
        );
        Ok(())
    })?;
    transcript.step("the link sets two HttpOnly cookies", || {
        let page = browser.get(&emulator.newest_link(ADDRESS)?)?;
        ensure!(page.status < 400, "the status is {}", page.status);
        for name in ["stytch_session_jwt", "stytch_session"] {
            let start = format!("{name}=");
            let cookie = page
                .set_cookies
                .iter()
                .find(|cookie| cookie.starts_with(&start));
            let cookie = cookie.with_context(|| format!("there is no cookie {name}"))?;
            let http_only = cookie.to_ascii_lowercase().contains("httponly");
            ensure!(http_only, "{name} is not HttpOnly");
        }
        Ok(())
    })?;
    let (_, logged_in) = emulator.calls_after(0)?;

    transcript.step(
        "GET /me on the cold isolate fetches the key set, once",
        || {
            let page = guarded_page(&mut browser, servers)?;
            let (calls, _) = emulator.calls_after(logged_in)?;
            expect("the number of fetches on the page", fetches(&page)?, 1)?;
            expect("the emulator's count", calls.len(), 1)?;
            ensure!(
                calls.iter().all(|call| call.starts_with(KEY_SET)),
                "it was {calls:?}"
            );
            Ok(())
        },
    )?;
    transcript.step("GET /me again fetches nothing", || {
        let (_, before) = emulator.calls_after(0)?;
        let page = guarded_page(&mut browser, servers)?;
        expect("the number of fetches on the page", fetches(&page)?, 0)?;
        expect(
            "the emulator's calls",
            emulator.calls_after(before)?.0,
            vec![],
        )
    })?;
    transcript.step("GET /api/me answers in JSON, without a fetch", || {
        let (_, before) = emulator.calls_after(0)?;
        let page = browser.get(&format!("{app}/api/me"))?;
        expect("the status", page.status, 200)?;
        page.json()?;
        expect(
            "the emulator's calls",
            emulator.calls_after(before)?.0,
            vec![],
        )
    })?;
    transcript.step(
        "no session was authenticated by the API since the log-in",
        || {
            let (calls, _) = emulator.calls_after(logged_in)?;
            ensure!(
                !calls
                    .iter()
                    .any(|call| call.contains("/sessions/authenticate")),
                "{calls:?}"
            );
            Ok(())
        },
    )?;
    transcript.step("POST /logout revokes the session", || {
        let (_, before) = emulator.calls_after(0)?;
        let page = browser.post_form(&format!("{app}/logout"), &[])?;
        ensure!(page.status < 400, "the status is {}", page.status);
        expect(
            "the emulator's calls",
            emulator.calls_after(before)?.0,
            vec![REVOKE.to_owned()],
        )
    })?;
    transcript.step("GET /me is closed again", || {
        let page = browser.get(&format!("{app}/me"))?;
        ensure!(
            page.status == 401 || !page.location.is_empty(),
            "the status is {}",
            page.status
        );
        Ok(())
    })
}

fn guarded_page(browser: &mut Browser, servers: &Servers) -> Result<Page> {
    let page = browser.get(&format!("{}/me", servers.app))?;
    expect("the status", page.status, 200)?;
    Ok(page)
}

/// The number that the page shows as `data-fetches="N"`.
fn fetches(page: &Page) -> Result<usize> {
    let (_, after) = page
        .body
        .split_once("data-fetches=\"")
        .context("the page shows no data-fetches")?;
    let (number, _) = after.split_once('"').context("data-fetches has no end")?;
    number.parse().context("data-fetches is no number")
}

const ADDRESS: &str = "ada@example.com";
const KEY_SET: &str = "GET /v1/sessions/jwks/";
const REVOKE: &str = "POST /v1/sessions/revoke";
