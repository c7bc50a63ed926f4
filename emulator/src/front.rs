//! The requests that a server around the emulator accepts: those to its own address, and those of its own pages.
//!
//! The control routes require no credentials, so a web page that the user visits must not reach them. A page can send
//! requests to a loopback address in two ways:
//!
//! - It resolves its own host name to 127.0.0.1 (DNS rebinding). The `Host` header (RFC 9112, section 3.2) then has the
//!   name of the page, and the request is refused.
//! - It sends a cross-origin request that needs no preflight. The `Origin` header (RFC 6454, section 7) then has the
//!   origin of the page, and the request is refused, unless the user has allowed this origin.
//!
//! The routes of the browser SDKs are called by the pages of applications, and require the public token. They accept the
//! origin of every page that a loopback host serves, such as `http://localhost:3000`.
//!
//! Programs that are not browsers send no `Origin`.

use serde_json::json;

use crate::message::{Request, Response};
use crate::shapes;

/// The addresses and the origin that a server accepts.
#[derive(Clone, Debug)]
pub struct Front {
    port: u16,
    /// The accepted host names, in lower case, without a port.
    hosts: Vec<String>,
    /// Whether every IP address is accepted as a host, because the server listens on all addresses of the machine.
    any_address: bool,
    /// The origin whose pages may read responses, for example `http://localhost:3000`.
    cors: Option<String>,
}

impl Front {
    /// `host` is the address on which the server listens. `more_hosts` are further names under which clients reach it.
    /// `cors` is the origin whose pages may send requests; `None` accepts only the emulator's own pages.
    ///
    /// Returns an error if a host or the origin is malformed.
    pub fn new(
        host: &str,
        port: u16,
        more_hosts: &[String],
        cors: Option<&str>,
    ) -> Result<Self, FrontError> {
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"]
            .map(str::to_owned)
            .into();
        for name in std::iter::once(host).chain(more_hosts.iter().map(String::as_str)) {
            let bracketed = format!("[{name}]");
            let name = if name.contains(':') && !name.starts_with('[') {
                &bracketed
            } else {
                name
            };
            if !is_host(name) {
                return Err(FrontError::Host(name.to_owned()));
            }
            hosts.push(name.to_ascii_lowercase());
        }
        if let Some(origin) = cors.filter(|origin| !is_origin(origin)) {
            return Err(FrontError::Origin(origin.to_owned()));
        }
        Ok(Self {
            port,
            any_address: matches!(host, "0.0.0.0" | "::" | "[::]"),
            hosts,
            cors: cors.map(str::to_ascii_lowercase),
        })
    }

    /// Returns the response to a request that must not reach the emulator: a refusal, or the answer to a preflight.
    pub fn check(&self, request: &Request) -> Option<Response> {
        let host = request.header("host").unwrap_or_default();
        if !self.is_own(host) {
            return Some(refusal(&format!(
                "the Host header must be the address of the emulator, for example 127.0.0.1:{}; --allow-host accepts \
                 another host name",
                self.port
            )));
        }
        let Some(origin) = request.header("origin") else {
            return is_foreign(request).then(|| refusal(FOREIGN));
        };
        if self.allows(origin, request) {
            let asked = request.header("access-control-request-method");
            return (request.method == "OPTIONS" && asked.is_some()).then(|| preflight(request));
        }
        // With `any_address`, another machine can have a page on the same port. So an address must be that of this request.
        let own = origin.strip_prefix("http://");
        let is_own = own.is_some_and(|own| self.is_named(own) || own.eq_ignore_ascii_case(host));
        (!is_own).then(|| refusal(FOREIGN))
    }

    /// Adds the CORS headers to the response of an accepted request.
    pub fn finish(&self, request: &Request, response: &mut Response) {
        if let Some(origin) = request
            .header("origin")
            .filter(|origin| self.allows(origin, request))
        {
            for (name, value) in [
                ("access-control-allow-origin", origin),
                ("access-control-allow-credentials", "true"),
                ("vary", "origin"),
            ] {
                response.headers.push((name.into(), value.into()));
            }
        }
    }

    /// Whether pages of this origin, which is not the emulator's own, may send the request.
    fn allows(&self, origin: &str, request: &Request) -> bool {
        let origin = origin.to_ascii_lowercase();
        self.cors.as_deref() == Some(origin.as_str())
            || request.is_of_browser_sdk() && is_loopback_origin(&origin)
    }

    /// Whether this is the emulator's own host and port.
    fn is_own(&self, authority: &str) -> bool {
        let (host, port) = split(authority);
        self.is_named(authority) || self.any_address && port == Some(self.port) && is_address(host)
    }

    /// Whether this is one of the accepted host names, with the emulator's own port.
    fn is_named(&self, authority: &str) -> bool {
        let (host, port) = split(authority);
        port == Some(self.port) && self.hosts.contains(&host.to_ascii_lowercase())
    }
}

/// Splits a host and a port. A missing port is port 80.
fn split(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()),
        _ => (authority, Some(80)),
    }
}

/// The reason why a [`Front`] cannot be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrontError {
    /// This is not a host name or an IP address.
    Host(String),
    /// This is not an origin: a scheme, a host and an optional port.
    Origin(String),
}

impl std::fmt::Display for FrontError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Host(host) => write!(formatter, "{host:?} is not a host name or an IP address"),
            Self::Origin(origin) => write!(
                formatter,
                "{origin:?} is not an origin, for example http://localhost:3000"
            ),
        }
    }
}

impl std::error::Error for FrontError {}

fn is_host(text: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
    };
    is_address(text) || is_name(text)
}

/// Whether the text is an IPv4 address, or an IPv6 address in brackets.
fn is_address(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inside {
        Some(inside) => inside.parse::<std::net::Ipv6Addr>().is_ok(),
        None => text.parse::<std::net::Ipv4Addr>().is_ok(),
    }
}

/// Whether a loopback host has served the page. Browsers resolve `localhost` and its subdomains to loopback addresses.
fn is_loopback_origin(origin: &str) -> bool {
    let host = authority(origin).map(|authority| split(authority).0);
    is_origin(origin) && host.is_some_and(shapes::is_loopback)
}

/// Returns the host and the port of an origin.
fn authority(origin: &str) -> Option<&str> {
    let of_http = origin.strip_prefix("http://");
    of_http.or_else(|| origin.strip_prefix("https://"))
}

fn is_origin(text: &str) -> bool {
    let Some(authority) = authority(text) else {
        return false;
    };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => is_host(host) && port.parse::<u16>().is_ok(),
        _ => is_host(authority),
    }
}

/// Returns the answer to a CORS preflight. It accepts the requested headers.
fn preflight(request: &Request) -> Response {
    let mut response = Response::new(204, "text/plain; charset=utf-8", "");
    let headers = request
        .header("access-control-request-headers")
        .unwrap_or_default();
    for (name, value) in [
        ("access-control-allow-methods", "GET, POST, PUT, DELETE"),
        ("access-control-allow-headers", headers),
        ("access-control-max-age", "600"),
    ] {
        response.headers.push((name.into(), value.into()));
    }
    response
}

/// Whether a browser sends this for a page of another origin and without `Origin`, for example for an image. The user may
/// follow a link to the emulator, which is a navigation.
fn is_foreign(request: &Request) -> bool {
    let site = request.header("sec-fetch-site").unwrap_or_default();
    let is_navigation =
        request.header("sec-fetch-mode") == Some("navigate") && request.method == "GET";
    matches!(site, "cross-site" | "same-site") && !is_navigation
}

const FOREIGN: &str =
    "pages of this origin must not send requests to the emulator; --cors accepts one other origin";

fn refusal(message: &str) -> Response {
    Response::json(403, &json!({ "error": message }))
}
