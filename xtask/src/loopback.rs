//! A minimal browser for servers on this machine: HTTP and cookies. Does not follow redirects
//! and does not run scripts.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;

/// Sends requests to one server, and stores its cookies.
#[derive(Debug)]
pub struct Browser {
    agent: Agent,
    cookies: BTreeMap<String, String>,
}

/// A complete response.
#[derive(Debug)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
    /// The `Location` header. Empty if it is absent.
    pub location: String,
    /// The `Set-Cookie` headers, unchanged.
    pub set_cookies: Vec<String>,
}

impl Browser {
    /// A browser without cookies.
    pub fn new() -> Self {
        let agent = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_LIMIT))
            // Requests to this machine must not use a proxy from the environment.
            .proxy(None)
            .build()
            .new_agent();
        Self {
            agent,
            cookies: BTreeMap::new(),
        }
    }

    /// Stores a cookie.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Sends a GET request.
    pub fn get(&mut self, url: &str) -> Result<Page> {
        let request = self.agent.get(url).header("cookie", self.cookie_header());
        let answer = request.call().with_context(|| format!("GET {url}"))?;
        self.read(answer)
    }

    /// Sends a POST request with a form.
    pub fn post_form(&mut self, url: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let request = self.agent.post(url).header("cookie", self.cookie_header());
        // Browsers send the origin of the form, and a server may require it.
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let request = request.header("origin", origin);
        let answer = request
            .send_form(fields.iter().copied())
            .with_context(|| format!("POST {url}"))?;
        self.read(answer)
    }

    /// Sends a POST request with JSON.
    pub fn post_json(&mut self, url: &str, body: &Value) -> Result<Page> {
        let request = self
            .agent
            .post(url)
            .header("content-type", "application/json");
        let answer = request
            .send(body.to_string())
            .with_context(|| format!("POST {url}"))?;
        self.read(answer)
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn read(&mut self, mut answer: Response<ureq::Body>) -> Result<Page> {
        let texts = |name: &str| -> Vec<String> {
            let values = answer.headers().get_all(name).iter();
            values
                .filter_map(|value| value.to_str().ok())
                .map(str::to_owned)
                .collect()
        };
        let set_cookies = texts("set-cookie");
        let location = texts("location").join("");
        for cookie in &set_cookies {
            self.store_cookie(cookie);
        }
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string()?;
        Ok(Page {
            status,
            body,
            location,
            set_cookies,
        })
    }

    fn store_cookie(&mut self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let ended = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
        if ended {
            self.cookies.remove(name);
        } else {
            self.set_cookie(name, value);
        }
    }
}

impl Page {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| {
            format!(
                "the body of a response with status {} is not JSON",
                self.status
            )
        })
    }
}

/// Returns a port that is free at the moment.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}

/// Fails if another process listens on the port.
pub fn check_port(port: u16) -> Result<()> {
    TcpListener::bind(("127.0.0.1", port))
        .map(drop)
        .with_context(|| format!("cannot listen on port {port}; choose another one with --port"))
}

const ANSWER_LIMIT: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_cookie_until_the_server_removes_it() {
        let mut browser = Browser::new();
        browser.store_cookie("a=b=c; HttpOnly; Path=/");
        browser.store_cookie("d=e");
        assert_eq!(browser.cookie_header(), "a=b=c; d=e");
        browser.store_cookie("d=gone; Max-Age=0");
        browser.store_cookie("a=; Path=/");
        assert_eq!(browser.cookie_header(), "");
    }
}
