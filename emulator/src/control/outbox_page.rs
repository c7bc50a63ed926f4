//! The outbox as a web page: the recipients of the mails, and their links.
//!
//! The page fetches itself every two seconds and replaces only the mails that have changed. It therefore does not
//! flicker, and a link does not move away while the user clicks it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::clock::UnixSeconds;
use crate::message::Response;
use crate::outbox::{Kind, Mail, Outbox};
use crate::product::Product;

/// Renders the page.
pub(crate) fn render(outbox: &Outbox, now: UnixSeconds) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Outbox · stytch-emulator" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
                noscript { meta http-equiv="refresh" content="5"; }
            }
            body {
                header {
                    h1 { "Outbox" }
                    p { "The mails that the Stytch API would have sent. They do not leave this machine." }
                }
                main aria-live="polite" { (mails(outbox, now)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    Response::new(200, "text/html; charset=utf-8", page.into_string())
}

fn mails(outbox: &Outbox, now: UnixSeconds) -> Markup {
    let shown: Vec<&Mail> = outbox.mails().take(MAX_SHOWN).collect();
    html! {
        @if shown.is_empty() {
            section.empty {
                p { strong { "No mail yet." } }
                p { "Request a magic link. Its mail appears here automatically." }
            }
        }
        @for mail in shown { (card(mail, now)) }
    }
}

fn card(mail: &Mail, now: UnixSeconds) -> Markup {
    let subject = match mail.kind {
        Kind::Login => "Your log-in link",
        Kind::Signup => "Confirm your address",
    };
    let product = match mail.product {
        Product::B2b => "B2B",
        Product::Consumer => "Consumer",
    };
    let spent = if mail.used {
        Some("Used")
    } else if mail.expires_at <= now {
        Some("Expired")
    } else {
        None
    };
    html! {
        article id={ "mail-" (mail.id) } .spent[spent.is_some()] {
            h2 { (subject) }
            p.to { "To " strong { (mail.to) } }
            @match spent {
                Some(word) => span.button aria-disabled="true" { (word) },
                None => a.button href=(mail.url) {
                    @match mail.kind { Kind::Login => "Log in", Kind::Signup => "Sign up" }
                },
            }
            dl {
                div { dt { "Sent" } dd { (moment(mail.sent_at)) } }
                div { dt { (if mail.expires_at <= now { "Expired" } else { "Expires" }) } dd { (moment(mail.expires_at)) } }
                div { dt { "Project" } dd { (product) } }
            }
            details { summary { "The URL of the button" } p.url { (mail.url) } }
        }
    }
}

/// Renders a time as readable text with a machine-readable `datetime`.
fn moment(time: UnixSeconds) -> Markup {
    let written = time.rfc3339();
    let readable = written.replace('T', " ").replace('Z', " UTC");
    html! { time datetime=(written) { (readable) } }
}

const MAX_SHOWN: usize = 50;
const STYLE: &str = include_str!("outbox.css");
const SCRIPT: &str = include_str!("outbox.js");
