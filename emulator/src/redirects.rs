//! Where a link leads: which redirect URLs are taken, and how a token is put into one.
//!
//! The API takes registered URLs only. Nobody registers any here, so an emulator takes every https URL and every URL of
//! this machine, and refuses what could never be registered.

use http::Uri;

use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;

/// Where links lead if the caller does not say: the one URL that a Test environment starts with.
pub(crate) const DEFAULT: &str = "http://localhost:3000/authenticate";

/// Reads a redirect URL. `malformed` is the error for what is no URL at all.
pub(crate) fn read(
    fields: &Fields,
    name: &str,
    malformed: &'static ErrorRow,
) -> Result<String, Failure> {
    let url = fields.text(name)?.unwrap_or(DEFAULT);
    let parsed: Uri = url.parse().map_err(|_| malformed)?;
    let (Some(scheme), Some(host)) = (parsed.scheme_str(), parsed.host()) else {
        return Err(malformed.failure());
    };
    // A fragment would swallow the token that is put behind it.
    if url.contains('#') {
        return Err(malformed.failure());
    }
    match scheme {
        "https" => Ok(url.to_owned()),
        "http" if is_loopback(host) => Ok(url.to_owned()),
        _ => Err(errors::NO_MATCH_FOR_URL.failure()),
    }
}

/// The redirect URL with these parameters behind those it has.
pub(crate) fn link(redirect_url: &str, params: &[(&str, &str)]) -> String {
    let added = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    let separator = if redirect_url.contains('?') { '&' } else { '?' };
    format!("{redirect_url}{separator}{added}")
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_address = bare
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_address || bare == "localhost" || bare.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn judge(url: &str) -> Result<String, &'static str> {
        let fields = Fields::parse(json!({ "url": url }).to_string().as_bytes()).unwrap();
        read(&fields, "url", &errors::INVALID_LOGIN_URL).map_err(|failure| failure.error_type())
    }

    #[test]
    fn takes_https_and_this_machine_and_nothing_else() {
        for url in [
            "https://example.com/a?b=c",
            "http://127.0.0.1:8787/",
            "http://[::1]:1/x",
            "http://app.localhost/",
        ] {
            assert_eq!(judge(url), Ok(url.to_owned()));
        }
        assert_eq!(
            judge("http://example.com/"),
            Err("no_match_for_provided_magic_link_url")
        );
        assert_eq!(
            judge("javascript:alert(1)"),
            Err("invalid_login_magic_link_url")
        );
        assert_eq!(
            judge("https://example.com/#top"),
            Err("invalid_login_magic_link_url")
        );
        assert_eq!(judge("not a url"), Err("invalid_login_magic_link_url"));
    }

    #[test]
    fn keeps_the_parameters_a_url_has() {
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
