//! The parts of a user's request that a log-in round trip reads.

use std::fmt;

use super::super::credentials::{MAX_COOKIE_HEADER_BYTES, cookie_values, has_cookie};
use crate::jwt::pieces;

/// A user's request. All fields are unchanged, and are not trusted.
#[derive(Clone, Copy, Default)]
pub struct IncomingRequest<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The URL, or its path and query.
    pub url: &'a str,
    /// The header `Cookie`.
    pub cookie: Option<&'a str>,
    /// The header `Origin` (RFC 6454, section 7).
    pub origin: Option<&'a str>,
    /// The header `Host`.
    pub host: Option<&'a str>,
    /// The header `Sec-Fetch-Site`.
    pub sec_fetch_site: Option<&'a str>,
    /// The headers `Sec-Purpose`, `Purpose`, `X-Purpose` and `X-Moz`, joined by commas.
    pub purpose: Option<&'a str>,
}

impl<'a> IncomingRequest<'a> {
    /// Returns whether the request is a guess about what the user may do next: a prefetch, a prerendering or a preview.
    #[must_use]
    pub fn is_speculative(&self) -> bool {
        let purpose = self.purpose.unwrap_or_default().to_ascii_lowercase();
        let mut words = purpose.split([',', ';', ' ', '\t']);
        words.any(|word| matches!(word, "prefetch" | "prerender" | "preview"))
    }

    /// Returns whether a page of the same origin sent the request.
    ///
    /// Browsers do not let pages set `Sec-Fetch-Site` and `Origin`. `Origin` is `null` in forms of pages with
    /// `Referrer-Policy: no-referrer`, so `Sec-Fetch-Site` decides if the request has it. Without both, the sender is not
    /// known.
    #[must_use]
    pub fn is_same_origin(&self) -> bool {
        if let Some(site) = self.sec_fetch_site {
            return site == "same-origin";
        }
        let Some((scheme, authority)) = self.origin.and_then(|origin| origin.split_once("://"))
        else {
            return false;
        };
        let own = self.authority().or(self.host).unwrap_or_default();
        // Behind a proxy that ends TLS, the URL has http, and the origin https. The opposite is a page that an attacker in
        // the network may have written.
        let is_https = self.url.starts_with("https://");
        let is_web = scheme == "https" || (scheme == "http" && !is_https);
        is_web && !own.is_empty() && own.eq_ignore_ascii_case(authority)
    }

    /// Returns whether the headers show that a page of another origin sent the request. A request without
    /// `Sec-Fetch-Site` and `Origin` passes: browsers send at least one of them with the forms of other origins.
    #[must_use]
    pub fn is_cross_origin(&self) -> bool {
        match self.sec_fetch_site {
            Some(site) => !matches!(site, "same-origin" | "none"),
            None => self.origin.is_some() && !self.is_same_origin(),
        }
    }

    /// Returns the host and port of an absolute URL.
    fn authority(&self) -> Option<&'a str> {
        let (scheme, rest) = self.url.split_once("://")?;
        let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphabetic());
        let authority = rest.split(['/', '?', '#']).next()?;
        is_scheme.then_some(authority)
    }

    /// Returns the path of the URL.
    #[must_use]
    pub fn path(&self) -> &'a str {
        let start = self
            .authority()
            .and_then(|authority| Some(self.url.find("://")? + 3 + authority.len()));
        let path = self.url.get(start.unwrap_or_default()..);
        let path = path.unwrap_or_default().split(['?', '#']).next();
        path.unwrap_or_default()
    }

    /// Returns the query of the URL, without the question mark.
    #[must_use]
    pub fn query(&self) -> &'a str {
        let url = pieces(self.url, '#').next().unwrap_or_default();
        url.split_once('?').map_or("", |(_, query)| query)
    }

    /// The header `Cookie`. A header that is longer than servers accept is not read.
    fn cookies(&self) -> &'a str {
        let short = |cookies: &&str| cookies.len() <= MAX_COOKIE_HEADER_BYTES;
        self.cookie.filter(short).unwrap_or_default()
    }

    /// Returns whether the request has a cookie of this name.
    #[must_use]
    pub fn has_cookie(&self, name: &str) -> bool {
        self.cookie.is_some_and(|cookies| has_cookie(cookies, name))
    }

    /// Returns the value of a cookie, if the request has exactly one value for it.
    ///
    /// A browser sends several cookies of one name if another site of the same domain has set one. It is not known then
    /// which of them is ours.
    #[must_use]
    pub fn cookie_of(&self, name: &str) -> Option<&'a str> {
        let mut found = None;
        for (_, value) in
            cookie_values(self.cookies(), name.len()).filter(|(known, _)| *known == name)
        {
            if found.is_some_and(|known| known != value) {
                return None;
            }
            found = Some(value);
        }
        found
    }
}

/// Omits all values: the URL contains a token, and the cookies contain secrets.
impl fmt::Debug for IncomingRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IncomingRequest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> IncomingRequest<'_> {
        IncomingRequest {
            url,
            ..IncomingRequest::default()
        }
    }

    #[test]
    fn splits_absolute_and_relative_urls() {
        for (url, path, query) in [
            ("https://a.b/c?d=e#f?g", "/c", "d=e"),
            ("https://a.b", "", ""),
            ("https://a.b?c", "", "c"),
            ("/c?d=https://e/f", "/c", "d=https://e/f"),
            ("/c", "/c", ""),
            ("/c://d?e", "/c://d", "e"),
            ("", "", ""),
        ] {
            assert_eq!((of(url).path(), of(url).query()), (path, query), "{url}");
        }
    }

    #[test]
    fn only_pages_of_the_same_origin_pass() {
        let request = |site, origin, host| IncomingRequest {
            sec_fetch_site: site,
            origin,
            host,
            ..of("/log-out")
        };
        let (own, host) = (Some("https://a.b"), Some("a.b"));
        for (site, origin, host, expected) in [
            (Some("same-origin"), None, None, true),
            (Some("same-origin"), Some("null"), host, true),
            (Some("same-site"), own, host, false),
            (Some("cross-site"), own, host, false),
            (Some("none"), own, host, false),
            (None, own, host, true),
            (None, Some("http://A.B"), host, true),
            (None, Some("https://a.b:8443"), host, false),
            (None, Some("https://x.a.b"), host, false),
            (None, Some("https://evil"), host, false),
            (None, Some("null"), host, false),
            (None, own, None, false),
            (None, Some("https://"), Some(""), false),
            (None, Some("other://a.b"), host, false),
            (None, None, host, false),
        ] {
            let is_same = request(site, origin, host).is_same_origin();
            assert_eq!(is_same, expected, "{site:?} {origin:?}");
        }
        let absolute = IncomingRequest {
            origin: own,
            host: Some("evil"),
            ..of("https://a.b/log-out")
        };
        assert!(absolute.is_same_origin(), "the URL comes before Host");
        let insecure = IncomingRequest {
            origin: Some("http://a.b"),
            ..absolute
        };
        assert!(!insecure.is_same_origin(), "a page without TLS");
    }

    #[test]
    fn pages_of_other_origins_are_recognized() {
        let (own, host) = (Some("https://a.b"), Some("a.b"));
        for (site, origin, host, expected) in [
            (Some("cross-site"), None, None, true),
            (Some("same-site"), own, host, true),
            (Some("unheard-of"), own, host, true),
            (Some("same-origin"), Some("null"), host, false),
            (Some("none"), None, host, false),
            (None, Some("https://evil"), host, true),
            (None, Some("null"), host, true),
            (None, own, None, true),
            (None, own, host, false),
            (None, None, host, false),
        ] {
            let request = IncomingRequest {
                sec_fetch_site: site,
                origin,
                host,
                ..of("/login")
            };
            assert_eq!(request.is_cross_origin(), expected, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn recognizes_speculative_requests() {
        for (purpose, expected) in [
            (Some("prefetch"), true),
            (Some("prefetch;prerender"), true),
            (Some("Prefetch, anonymous-client-ip"), true),
            (Some("preview"), true),
            (Some("navigate"), false),
            (None, false),
        ] {
            let request = IncomingRequest {
                purpose,
                ..IncomingRequest::default()
            };
            assert_eq!(request.is_speculative(), expected, "{purpose:?}");
        }
    }

    #[test]
    fn two_values_for_one_cookie_are_none() {
        let with = |cookie| IncomingRequest {
            cookie: Some(cookie),
            ..IncomingRequest::default()
        };
        assert_eq!(with("a=b; c=d").cookie_of("a"), Some("b"));
        assert_eq!(with("a=b; a=b").cookie_of("a"), Some("b"));
        assert_eq!(with("a=b; a=c").cookie_of("a"), None);
        assert_eq!(with("A=b; xa=c").cookie_of("a"), None);
        assert!(!format!("{:?}", with("a=hush")).contains("hush"));
    }
}
