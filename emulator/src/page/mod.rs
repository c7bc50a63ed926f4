//! The page at `/`, on which a person reads and changes the emulator: HTML, a style sheet and scripts.
//!
//! This module knows only the files. The scripts call the control routes, so the page works wherever the handler runs.
//! All of the emulator's data may be hostile (a user chooses its own name), so the scripts write it as text only, and the
//! headers forbid inline scripts, foreign origins, frames and all functions of the DOM that parse HTML.

pub(crate) mod provider;

use crate::message::Response;

/// Returns a file of the page.
pub(crate) fn file(path: &str) -> Option<Response> {
    let found = FILES.iter().find(|(known, _, _)| *known == path);
    found.map(|(_, content_type, text)| {
        let mut response = Response::new(200, content_type, *text);
        let headers = HEADERS.map(|(name, value)| (name.to_owned(), value.to_owned()));
        response.headers.extend(headers);
        response
    })
}

const HEADERS: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
];

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The path, the content type and the text of each file.
static FILES: [(&str, &str, &str); 20] = [
    ("/", HTML, include_str!("index.html")),
    ("/_emulator/", HTML, include_str!("index.html")),
    (
        "/_emulator/page/colors.css",
        CSS,
        include_str!("colors.css"),
    ),
    (
        "/_emulator/page/layout.css",
        CSS,
        include_str!("layout.css"),
    ),
    ("/_emulator/page/parts.css", CSS, include_str!("parts.css")),
    (
        "/_emulator/page/provider.css",
        CSS,
        include_str!("provider.css"),
    ),
    ("/_emulator/page/main.js", SCRIPT, include_str!("main.js")),
    ("/_emulator/page/api.js", SCRIPT, include_str!("api.js")),
    ("/_emulator/page/dom.js", SCRIPT, include_str!("dom.js")),
    ("/_emulator/page/parts.js", SCRIPT, include_str!("parts.js")),
    (
        "/_emulator/page/outbox.js",
        SCRIPT,
        include_str!("outbox.js"),
    ),
    (
        "/_emulator/page/people.js",
        SCRIPT,
        include_str!("people.js"),
    ),
    (
        "/_emulator/page/requests.js",
        SCRIPT,
        include_str!("requests.js"),
    ),
    (
        "/_emulator/page/faults.js",
        SCRIPT,
        include_str!("faults.js"),
    ),
    ("/_emulator/page/apps.js", SCRIPT, include_str!("apps.js")),
    (
        "/_emulator/page/connections.js",
        SCRIPT,
        include_str!("connections.js"),
    ),
    (
        "/_emulator/page/factors.js",
        SCRIPT,
        include_str!("factors.js"),
    ),
    ("/_emulator/page/fraud.js", SCRIPT, include_str!("fraud.js")),
    ("/_emulator/page/clock.js", SCRIPT, include_str!("clock.js")),
    (
        "/_emulator/page/project.js",
        SCRIPT,
        include_str!("project.js"),
    ),
];
