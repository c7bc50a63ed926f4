//! Checks the example as a user would use it, over HTTP: log in by the link in an e-mail, open
//! the guarded page, log out.
//!
//! Compares the number of fetches that the page displays with the emulator's log.

use anyhow::{Context, Result, ensure};

use super::servers::Servers;
use super::transcript::{Transcript, expect};
use crate::loopback::{Browser, Page};

/// Runs all steps from the log-in form to the log-out.
pub fn check(servers: &Servers, transcript: &Transcript<'_>) -> Result<()> {
    let (app, emulator) = (&servers.app, &servers.emulator);
    let mut browser = Browser::new();

    transcript.step("GET / returns a log-in form", || {
        let page = browser.get(app)?;
        expect("the status", page.status, 200)?;
        let has_field = page.body.contains("name=\"email\"") || page.body.contains("name=email");
        ensure!(has_field, "the page has no field named email");
        Ok(())
    })?;
    transcript.step(
        "POST /login sends an e-mail with a link to /authenticate",
        || {
            let page = browser.post_form(&format!("{app}/login"), &[("email", ADDRESS)])?;
            ensure!(
                page.status < 400,
                "the status is {}, expected less than 400",
                page.status
            );
            let link = emulator.newest_link(ADDRESS)?;
            ensure!(
                link.starts_with(&format!("{app}/authenticate?")),
                "the link does not lead to /authenticate of the example"
            );
            Ok(())
        },
    )?;
    transcript.step("the link sets two HttpOnly cookies", || {
        let page = browser.get(&emulator.newest_link(ADDRESS)?)?;
        ensure!(
            page.status < 400,
            "the status is {}, expected less than 400",
            page.status
        );
        for name in ["stytch_session_jwt", "stytch_session"] {
            let start = format!("{name}=");
            let cookie = page
                .set_cookies
                .iter()
                .find(|cookie| cookie.starts_with(&start));
            let cookie =
                cookie.with_context(|| format!("the response does not set the cookie {name}"))?;
            let http_only = cookie.to_ascii_lowercase().contains("httponly");
            ensure!(http_only, "the cookie {name} is not HttpOnly");
        }
        Ok(())
    })?;
    let (_, logged_in) = emulator.calls_after(0)?;

    transcript.step("GET /me in a new isolate fetches the key set once", || {
        let page = guarded_page(&mut browser, servers)?;
        let (calls, _) = emulator.calls_after(logged_in)?;
        expect("the number of fetches on the page", fetches(&page)?, 1)?;
        expect("the number of API calls", calls.len(), 1)?;
        ensure!(
            calls.iter().all(|call| call.starts_with(KEY_SET)),
            "the API calls are {calls:?}, expected {KEY_SET}"
        );
        Ok(())
    })?;
    transcript.step("GET /me again fetches nothing", || {
        let (_, before) = emulator.calls_after(0)?;
        let page = guarded_page(&mut browser, servers)?;
        expect("the number of fetches on the page", fetches(&page)?, 0)?;
        expect("the API calls", emulator.calls_after(before)?.0, vec![])
    })?;
    transcript.step("GET /api/me returns JSON without a fetch", || {
        let (_, before) = emulator.calls_after(0)?;
        let page = browser.get(&format!("{app}/api/me"))?;
        expect("the status", page.status, 200)?;
        page.json()?;
        expect("the API calls", emulator.calls_after(before)?.0, vec![])
    })?;
    transcript.step(
        "since the log-in, no session was authenticated by the API",
        || {
            let (calls, _) = emulator.calls_after(logged_in)?;
            ensure!(
                !calls
                    .iter()
                    .any(|call| call.contains("/sessions/authenticate")),
                "the API calls are {calls:?}"
            );
            Ok(())
        },
    )?;
    transcript.step("POST /logout revokes the session", || {
        let (_, before) = emulator.calls_after(0)?;
        let page = browser.post_form(&format!("{app}/logout"), &[])?;
        ensure!(
            page.status < 400,
            "the status is {}, expected less than 400",
            page.status
        );
        expect(
            "the API calls",
            emulator.calls_after(before)?.0,
            vec![REVOKE.to_owned()],
        )
    })?;
    transcript.step("GET /me rejects the user after the log-out", || {
        let page = browser.get(&format!("{app}/me"))?;
        ensure!(
            page.status == 401 || !page.location.is_empty(),
            "the status is {}, expected 401 or a redirect",
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

/// The number in the page's attribute `data-fetches="N"`.
fn fetches(page: &Page) -> Result<usize> {
    let (_, after) = page
        .body
        .split_once("data-fetches=\"")
        .context("the page has no attribute data-fetches")?;
    let (number, _) = after
        .split_once('"')
        .context("the attribute data-fetches has no closing quote")?;
    number.parse().context("data-fetches is not a number")
}

const ADDRESS: &str = "ada@example.com";
const KEY_SET: &str = "GET /v1/sessions/jwks/";
const REVOKE: &str = "POST /v1/sessions/revoke";
