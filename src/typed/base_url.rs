//! Validation of base URLs, without a URL parser.
//!
//! Only URLs of a simple form are accepted, which every URL parser reads in the same way. If this module and the parser of
//! `fetch` disagreed, the secret would be sent to another host than the one that was validated.

use crate::client::ClientError;

/// The parts of a base URL, as the WHATWG URL parser serializes them.
pub(super) struct BaseUrl {
    pub(super) origin: String,
    pub(super) path: String,
}

impl BaseUrl {
    pub(super) fn read(name: &str, url: &str) -> Result<Self, ClientError> {
        let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
        let scheme = scheme.to_ascii_lowercase();
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let path = if path.is_empty() { "/" } else { path };
        let authority = authority.to_ascii_lowercase();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority.as_str(), None),
        };
        // Decimal without leading zeros or sign, from 1 to 65535.
        let plain_port = port.is_none_or(|port| {
            port.parse::<u16>()
                .is_ok_and(|number| number > 0 && number.to_string() == port)
        });
        if !(is_plain_host(host) || host == "[::1]") || !plain_port || !is_plain_path(path) {
            return Err(ClientError::invalid_argument(format!(
                "\"{name}\" in config must be a URL such as https://login.example.com/path, without user, query and fragment"
            )));
        }
        let usual_port = match scheme.as_str() {
            "https" => "443",
            "http" if is_loopback(host) => "80",
            _ => {
                return Err(ClientError::invalid_argument(format!(
                    "\"{name}\" in config must use https; http is accepted for loopback hosts only"
                )));
            }
        };
        let port = port.filter(|port| *port != usual_port);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self {
            origin: format!("{scheme}://{host}{port}"),
            path: path.to_owned(),
        })
    }
}

/// Labels of letters, digits and hyphens. If the last label begins with a digit, URL parsers may read the host as an IPv4
/// address, which has many notations. Only the dotted decimal notation is accepted.
fn is_plain_host(host: &str) -> bool {
    let plain = host.split('.').all(|label| {
        let mut bytes = label.bytes();
        !label.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|first: char| first.is_ascii_digit());
    plain && (!numeric || is_usual_address(host))
}

/// An IPv4 address in dotted decimal notation, without leading zeros.
fn is_usual_address(host: &str) -> bool {
    let number = |part: &str| {
        part.parse::<u8>()
            .is_ok_and(|number| number.to_string() == part)
    };
    host.split('.').count() == 4 && host.split('.').all(number)
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]") || (host.starts_with("127.") && is_usual_address(host))
}

/// A path that parsers do not change: no segment begins with a dot, because parsers resolve dot segments, and no character
/// has to be escaped or ends the path.
fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_~.".contains(&byte);
    path.bytes().all(plain) && !path.contains("/.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(url: &str) -> Result<(String, String), ClientError> {
        let base = BaseUrl::read("custom_base_url", url)?;
        Ok((base.origin.clone(), format!("{}{}", base.origin, base.path)))
    }

    #[test]
    fn reads_base_urls_as_url_parsers_do() {
        for (url, origin, base_url) in [
            ("https://a.b", "https://a.b", "https://a.b/"),
            (
                "HTTPS://Login.Example.com/",
                "https://login.example.com",
                "https://login.example.com/",
            ),
            ("https://a.b:443/x/", "https://a.b", "https://a.b/x/"),
            ("https://a.b:8443", "https://a.b:8443", "https://a.b:8443/"),
            (
                "http://localhost:80",
                "http://localhost",
                "http://localhost/",
            ),
            (
                "http://127.0.0.1:7777",
                "http://127.0.0.1:7777",
                "http://127.0.0.1:7777/",
            ),
            (
                "http://[::1]:7777/",
                "http://[::1]:7777",
                "http://[::1]:7777/",
            ),
        ] {
            let expected = Ok((origin.to_owned(), base_url.to_owned()));
            assert_eq!(checked(url), expected, "{url}");
        }
    }

    #[test]
    fn rejects_urls_that_parsers_may_read_differently() {
        for url in [
            "",
            "a.b",
            "https:",
            "https://",
            "https:///a.b",
            "https:a.b",
            "ftp://a.b",
            "//a.b",
            "https://user@a.b",
            "https://user:pass@a.b/",
            "https://a.b\\@c.d",
            "https://a.b?c",
            "https://a.b#c",
            "https://a.b/?c",
            "https://a.b/%2e%2e",
            "https://a.b/../c",
            "https://a.b/.",
            "https://a b",
            "https://a.b/ ",
            " https://a.b",
            "https://a.b\n",
            "https://ä.b",
            "https://a..b",
            "https://a.b:",
            "https://a.b:0",
            "https://a.b:080",
            "https://a.b:+80",
            "https://a.b:99999",
            "https://127.1",
            "https://0x7f.1",
            "https://a.0x7f",
            "https://[::1",
            "https://[::2]/",
            "http://a.b",
            "http://127.0.0.1.a.b",
            "http://localhost.a.b",
            "http://127.00.0.1",
            "http://127.1",
            "http://0.0.0.0",
        ] {
            let error = checked(url).unwrap_err();
            assert!(
                error.message.contains("custom_base_url"),
                "{url}: {}",
                error.message
            );
        }
    }
}
