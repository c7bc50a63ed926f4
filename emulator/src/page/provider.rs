//! The page on which a person logs in with an OAuth provider of the emulator. It is plain HTML without scripts, and works in
//! every browser.
//!
//! All texts come from callers, so each of them is escaped here.

use std::fmt::Write as _;

use super::HTML;
use crate::message::Response;

/// The data that the page displays.
pub(crate) struct Content<'a> {
    /// The name of the provider, for example `Google`.
    pub(crate) provider: &'a str,
    pub(crate) has_tenants: bool,
    pub(crate) state: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) login_hint: &'a str,
    pub(crate) redirect_url: &'a str,
    pub(crate) offers: &'a [Offer],
}

/// An account that can be chosen with one click.
pub(crate) struct Offer {
    pub(crate) subject: String,
    pub(crate) email_address: String,
    pub(crate) name: String,
}

pub(crate) fn page(content: &Content) -> Response {
    let mut offers = String::new();
    for offer in content.offers {
        offers.push_str(&filled(
            OFFER,
            &[
                ("state", content.state),
                ("subject", &offer.subject),
                ("email_address", &offer.email_address),
                ("name", &offer.name),
                ("title", offer.title()),
                ("note", offer.note()),
            ],
        ));
    }
    let mut scopes = String::new();
    for scope in content.scopes {
        // Writing to a string cannot fail.
        let _ = write!(scopes, "<code>{}</code> ", escaped(scope));
    }
    let html = filled(
        PAGE,
        &[
            ("provider", content.provider),
            ("state", content.state),
            ("login_hint", content.login_hint),
            ("redirect_url", content.redirect_url),
        ],
    );
    let tenants = if content.has_tenants { TENANTS } else { "" };
    let chooser = match offers.is_empty() {
        true => String::new(),
        false => CHOOSER.replace("{{offers}}", &offers),
    };
    // These parts are HTML. They are inserted last, so that no text of a caller is taken for a placeholder of the page.
    let html = split_and_fill(
        &html,
        &[
            ("<!--tenants-->", tenants),
            ("<!--chooser-->", &chooser),
            ("<!--scopes-->", &scopes),
        ],
    );
    response(html)
}

/// Returns a page that stands for a provider, with its headers.
pub(crate) fn response(html: String) -> Response {
    let mut response = Response::new(200, HTML, html);
    let headers = HEADERS.map(|(name, value)| (name.to_owned(), value.to_owned()));
    response.headers.extend(headers);
    response
}

impl Offer {
    fn title(&self) -> &str {
        let names = [&self.name, &self.email_address, &self.subject];
        let given = names.into_iter().find(|name| !name.is_empty());
        given.map_or("", String::as_str)
    }

    fn note(&self) -> &str {
        match self.email_address.is_empty() {
            true => &self.subject,
            false => &self.email_address,
        }
    }
}

/// Replaces `{{name}}` by the escaped text. The template is read once, so a text is never read as a template.
fn filled(template: &str, texts: &[(&str, &str)]) -> String {
    let mut html = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        html.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        let found = texts.iter().find(|(known, _)| *known == name);
        html.push_str(&escaped(found.map_or("", |(_, text)| *text)));
        rest = after;
    }
    html.push_str(rest);
    html
}

/// Replaces markers. An escaped text cannot contain one of them, because `<` is escaped.
fn split_and_fill(html: &str, parts: &[(&str, &str)]) -> String {
    let mut html = html.to_owned();
    for (marker, part) in parts {
        html = html.replacen(marker, part, 1);
    }
    html
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The form sends `Origin` only if the referrer policy allows it for the own origin. `form-action` allows the redirect to
/// the application, which Chromium checks, too.
const HEADERS: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self' https: http:; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin-allow-popups"),
];

const PAGE: &str = include_str!("provider.html");
const OFFER: &str = r#"<form method="post" action="/_emulator/oauth"><input type="hidden" name="state" value="{{state}}"><input type="hidden" name="subject" value="{{subject}}"><input type="hidden" name="email_address" value="{{email_address}}"><input type="hidden" name="name" value="{{name}}"><button class="account"><strong>{{title}}</strong> <span>{{note}}</span></button></form>
"#;
const CHOOSER: &str = r#"<section aria-labelledby="choose"><h2 id="choose">Choose an account</h2>
{{offers}}</section>"#;
const TENANTS: &str = r#"<label>Workspace IDs <input name="tenants" autocomplete="off" spellcheck="false" placeholder="T1 T2"></label>"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_caller_cannot_become_html_or_a_template() {
        let hostile = r#""><script>alert('1')</script>{{state}}<!--scopes-->&"#;
        let offers = [Offer {
            subject: hostile.into(),
            email_address: hostile.into(),
            name: hostile.into(),
        }];
        let response = page(&Content {
            provider: "Google",
            has_tenants: true,
            state: "state-1",
            scopes: &[hostile.into()],
            login_hint: hostile,
            redirect_url: hostile,
            offers: &offers,
        });
        let html = String::from_utf8_lossy(&response.body).into_owned();
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("\">&lt;") || html.contains("&quot;&gt;&lt;script&gt;"));
        let hostile_texts = html.matches("&lt;script&gt;alert(&#39;1&#39;)").count();
        assert_eq!(hostile_texts, 8, "{html}");
        assert_eq!(html.matches("{{state}}&lt;!--scopes--&gt;&amp;").count(), 8);
        assert!(!html.contains("<!--"), "{html}");
    }
}
