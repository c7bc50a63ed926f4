//! A browser at the pages of the emulator: it follows redirects, and submits the form of a page with its hidden fields.
//! It stops at the URL of an application, which does not exist.

use serde_json::Value;
use stytch_emulator::Response;

use crate::{
    devices::browser::{ORIGIN, action, hidden_fields, location, request},
    test_platform::TestPlatform,
};

pub struct Browser<'a>(pub &'a TestPlatform);

/// Where the browser has stopped.
pub struct Page {
    pub url: String,
    /// The response, unless the URL is that of an application.
    pub response: Option<Response>,
}

impl Browser<'_> {
    /// Opens a URL of the emulator.
    pub fn open(&self, url: &str) -> Page {
        self.follow("GET", url.to_owned(), &[])
    }

    /// Submits the form of a page. `fields` are the fields that a person fills in, or hidden fields that an attacker
    /// replaces.
    pub fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let response = page.response.as_ref().unwrap();
        let hidden = hidden_fields(response);
        let kept = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| fields.iter().all(|(own, _)| own != name));
        let form: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
        self.follow("POST", action(response), &form)
    }

    /// Sends a form to the URL of a page.
    pub fn post(&self, page: &Page, form: &[(&str, &str)]) -> Page {
        self.follow("POST", page.url.clone(), form)
    }

    fn follow(&self, method: &str, mut url: String, form: &[(&str, &str)]) -> Page {
        let mut sent = request(method, &url, form);
        for _ in 0..5 {
            let response = self.0.deliver(&sent);
            if !(300..400).contains(&response.status) {
                let response = Some(response);
                return Page { url, response };
            }
            url = location(&response);
            if !url.starts_with('/') && !url.starts_with(ORIGIN) {
                return Page {
                    url,
                    response: None,
                };
            }
            sent = request("GET", &url, &[]);
        }
        panic!("too many redirects: {url}");
    }
}

impl Page {
    /// Asserts that the API has refused the request, with this status and error type.
    #[track_caller]
    pub fn refused(&self, status: u16, error_type: &str) {
        let Some(response) = &self.response else {
            panic!("the browser arrived at {}", self.url);
        };
        assert_eq!(response.status, status);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["error_type"], error_type);
    }
}
