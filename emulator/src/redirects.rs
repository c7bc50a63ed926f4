//! The redirect URLs of magic links: which URLs are accepted, and how the token is added.
//!
//! The API accepts only registered URLs. The emulator has no registration, so it accepts every https URL and every http
//! URL of a loopback host. It refuses URLs that could not be registered.

use http::Uri;

use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::shapes;

/// The default redirect URL: the only one that is registered in a new Test environment.
pub(crate) const DEFAULT: &str = "http://localhost:3000/authenticate";

/// Reads the redirect URL of a magic link. `malformed` is the error for a value that is not an absolute URL without a
/// fragment.
pub(crate) fn read(
    fields: &Fields,
    name: &str,
    malformed: &'static ErrorRow,
) -> Result<String, Failure> {
    read_for(fields, name, malformed, &errors::NO_MATCH_FOR_URL)
}

/// Reads a redirect URL. `no_match` is the error for a URL that could not be registered.
pub(crate) fn read_for(
    fields: &Fields,
    name: &str,
    malformed: &'static ErrorRow,
    no_match: &'static ErrorRow,
) -> Result<String, Failure> {
    let url = fields.text(name)?.unwrap_or(DEFAULT);
    let parsed: Uri = url.parse().map_err(|_| malformed)?;
    let (Some(scheme), Some(host)) = (parsed.scheme_str(), parsed.host()) else {
        return Err(malformed.failure());
    };
    // The token is appended to the URL. After a fragment, it would become a part of the fragment.
    if url.contains('#') {
        return Err(malformed.failure());
    }
    match scheme {
        "https" => Ok(url.to_owned()),
        "http" if shapes::is_loopback(host) => Ok(url.to_owned()),
        _ => Err(no_match.failure()),
    }
}

/// Appends these parameters to the query of the redirect URL.
pub(crate) fn link(redirect_url: &str, params: &[(&str, &str)]) -> String {
    let added = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    let separator = if redirect_url.contains('?') { '&' } else { '?' };
    format!("{redirect_url}{separator}{added}")
}

/// The kinds of URLs that the emulator distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginKind {
    /// An https URL, or an http URL of a loopback host.
    Secure,
    /// Another absolute URL.
    Insecure,
    Malformed,
}

/// Returns the kind of a URL.
pub(crate) fn origin_kind(url: &str) -> OriginKind {
    let parsed = url.parse::<Uri>();
    let parts = parsed.as_ref().map(|url| (url.scheme_str(), url.host()));
    match parts {
        Ok((Some("https"), Some(_))) => OriginKind::Secure,
        Ok((Some("http"), Some(host))) if shapes::is_loopback(host) => OriginKind::Secure,
        Ok((Some(_), Some(_))) => OriginKind::Insecure,
        _ => OriginKind::Malformed,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn read_url(url: &str) -> Result<String, &'static str> {
        let fields = Fields::parse(json!({ "url": url }).to_string().as_bytes()).unwrap();
        read(&fields, "url", &errors::INVALID_LOGIN_URL).map_err(|failure| failure.error_type())
    }

    #[test]
    fn accepts_only_https_urls_and_loopback_urls() {
        for url in [
            "https://example.com/a?b=c",
            "http://127.0.0.1:8787/",
            "http://[::1]:1/x",
            "http://app.localhost/",
        ] {
            assert_eq!(read_url(url), Ok(url.to_owned()));
        }
        assert_eq!(
            read_url("http://example.com/"),
            Err("no_match_for_provided_magic_link_url")
        );
        assert_eq!(
            read_url("javascript:alert(1)"),
            Err("invalid_login_magic_link_url")
        );
        assert_eq!(
            read_url("https://example.com/#top"),
            Err("invalid_login_magic_link_url")
        );
        assert_eq!(read_url("not a url"), Err("invalid_login_magic_link_url"));
    }

    #[test]
    fn keeps_the_existing_parameters_of_a_url() {
        assert_eq!(
            link("https://a.example/x?next=%2Fme", &[("token", "a=")]),
            "https://a.example/x?next=%2Fme&token=a%3D"
        );
        assert_eq!(
            link("https://a.example/x", &[("token", "t")]),
            "https://a.example/x?token=t"
        );
    }
}
