//! A browser without scripts: its requests, and what it reads in the responses.

use stytch_emulator::{Request, Response};

/// The origin at which the browser opens the emulator.
pub const ORIGIN: &str = "http://127.0.0.1:4010";

/// A request for a URL or a path of the emulator, with a form as its body.
pub fn request(method: &str, url: &str, form: &[(&str, &str)]) -> Request {
    let target = url.strip_prefix(ORIGIN).unwrap_or(url);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let media_type = "application/x-www-form-urlencoded".to_owned();
    Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: vec![
            ("Host".into(), "127.0.0.1:4010".into()),
            ("Content-Type".into(), media_type),
        ],
        body: body.into(),
    }
}

/// Returns the URL of a redirect.
#[track_caller]
pub fn location(response: &Response) -> String {
    let mut headers = response.headers.iter();
    let found = headers.find(|(name, _)| name == "location");
    let body = String::from_utf8_lossy(&response.body);
    found
        .unwrap_or_else(|| panic!("{} {body}", response.status))
        .1
        .clone()
}

/// Returns the value of a parameter of a URL.
#[track_caller]
pub fn param(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
}

/// Returns the value of a hidden field of a page.
#[track_caller]
pub fn hidden(page: &Response, name: &str) -> String {
    let fields = hidden_fields(page);
    let found = fields.into_iter().find(|(known, _)| known == name);
    let html = || String::from_utf8_lossy(&page.body).into_owned();
    found.unwrap_or_else(|| panic!("{name} in {}", html())).1
}

/// Returns the names and values of the hidden fields of a page.
pub fn hidden_fields(page: &Response) -> Vec<(String, String)> {
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let inputs = html.split("<input type=\"hidden\" name=\"").skip(1);
    inputs
        .map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            let (value, _) = rest.split_once('"').unwrap();
            (unescaped(name), unescaped(value))
        })
        .collect()
}

/// Returns the URL to which the form of a page is sent.
#[track_caller]
pub fn action(page: &Response) -> String {
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let start = "<form method=\"post\" action=\"";
    let (_, rest) = html
        .split_once(start)
        .unwrap_or_else(|| panic!("a form in {html}"));
    unescaped(rest.split_once('"').unwrap().0)
}

fn unescaped(text: &str) -> String {
    let escapes = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let mut text = text.to_owned();
    for (escape, letter) in escapes {
        text = text.replace(escape, letter);
    }
    text
}
