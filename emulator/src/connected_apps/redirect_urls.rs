//! The redirect URLs that a Connected App can register (RFC 8252, sections 7 and 8.4).
//!
//! Assumption: the names of the API's error types say which URLs are refused. A public app may register a scheme of its
//! own, as native apps do.

use http::Uri;

use crate::errors::{self, Failure};
use crate::shapes::is_loopback;

/// Returns an error unless the URL is https, http with a loopback host, or, for a public app, of a private scheme.
pub(super) fn validate(url: &str, is_public: bool) -> Result<(), Failure> {
    let (scheme, rest) = url
        .split_once(':')
        .ok_or(&errors::CONNECTED_APP_REDIRECT_URL_MUST_INCLUDE_SCHEME)?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme {
        return Err(errors::CONNECTED_APP_REDIRECT_URL_MUST_INCLUDE_SCHEME.failure());
    }
    // The code is appended to the URL. After a fragment, it would become a part of the fragment.
    let is_text = |character: char| character.is_ascii_graphic() && character != '#';
    if rest.is_empty() || !rest.chars().all(is_text) {
        return Err(errors::CONNECTED_APP_INVALID_REDIRECT_URL.failure());
    }
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        let is_private = is_public && scheme.contains('.');
        return match is_private {
            true => Ok(()),
            false => Err(errors::CONNECTED_APP_REDIRECT_URL_MUST_USE_HTTP_OR_HTTPS.failure()),
        };
    }
    let parsed: Uri = url
        .parse()
        .map_err(|_| &errors::CONNECTED_APP_INVALID_REDIRECT_URL)?;
    let host = parsed
        .host()
        .ok_or(&errors::CONNECTED_APP_INVALID_REDIRECT_URL)?;
    if scheme == "http" && !is_loopback(host) {
        return Err(errors::CONNECTED_APP_REDIRECT_URL_HTTP_MUST_USE_LOOPBACK.failure());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn refusal(url: &str, is_public: bool) -> &'static str {
        validate(url, is_public).unwrap_err().error_type()
    }

    #[test]
    fn accepts_only_urls_that_an_app_can_own() {
        for url in [
            "https://app.example/callback?a=b",
            "http://127.0.0.1:3000/callback",
            "http://[::1]/callback",
            "http://localhost:3000/callback",
        ] {
            assert!(validate(url, false).is_ok(), "{url}");
        }
        assert!(validate("com.example.app:/callback", true).is_ok());
        for (url, error_type) in [
            (
                "/callback",
                "connected_app_redirect_url_must_include_scheme",
            ),
            ("1a:b", "connected_app_redirect_url_must_include_scheme"),
            (
                "http://app.example/callback",
                "connected_app_redirect_url_http_scheme_must_use_loopback",
            ),
            (
                "com.example.app:/callback",
                "connected_app_redirect_url_must_use_http_or_https_scheme",
            ),
            (
                "https://app.example/#top",
                "connected_app_invalid_redirect_url",
            ),
            ("https://", "connected_app_invalid_redirect_url"),
            ("https:", "connected_app_invalid_redirect_url"),
        ] {
            assert_eq!(refusal(url, false), error_type, "{url}");
        }
        assert_eq!(
            refusal("javascript:alert(1)", true),
            "connected_app_redirect_url_must_use_http_or_https_scheme"
        );
    }
}
