//! A browser: it keeps cookies, and sends requests with them.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;
use stytch_edge::{
    CallbackOptions, Client, LogInResult, LogInVerdict, StartLogInOptions, client::IncomingRequest,
    consumer,
};

use crate::test_platform::{TestPlatform, run};

#[derive(Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
    header: String,
}

impl Browser {
    /// Keeps the cookies of a response.
    pub fn keep(&mut self, lines: &[String]) {
        for line in lines {
            let (pair, attributes) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let pairs = self.cookies.iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        self.header = pairs.join("; ");
    }

    pub fn has(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    pub fn names(&self) -> Vec<&str> {
        self.cookies.keys().map(String::as_str).collect()
    }

    pub fn get<'a>(&'a self, url: &'a str) -> IncomingRequest<'a> {
        IncomingRequest {
            method: "GET",
            url,
            cookie: (!self.header.is_empty()).then_some(&*self.header),
            host: Some("app.example"),
            ..IncomingRequest::default()
        }
    }

    /// A form of the same origin.
    pub fn post<'a>(&'a self, url: &'a str) -> IncomingRequest<'a> {
        IncomingRequest {
            method: "POST",
            sec_fetch_site: Some("same-origin"),
            ..self.get(url)
        }
    }

    /// Starts a log-in by magic link, and returns the URL of the link.
    pub fn start(&mut self, platform: &Arc<TestPlatform>, email: &str, page: &str) -> String {
        let client = platform.client();
        let started = client
            .start_log_in(&self.get("/login"), &by_email(page))
            .unwrap();
        self.keep(&started.set_cookies);
        link(platform, &client, email, Some(started.code_challenge))
    }

    pub fn open(&mut self, platform: &Arc<TestPlatform>, url: &str) -> Verdict {
        self.open_with(platform, url, &CallbackOptions::default())
    }

    pub fn open_with(
        &mut self,
        platform: &Arc<TestPlatform>,
        url: &str,
        options: &CallbackOptions,
    ) -> Verdict {
        let client = platform.client();
        let verdict = run(client.handle_callback(self.get(url), options)).unwrap();
        self.keep(&verdict.set_cookies);
        verdict
    }
}

pub type Verdict = LogInVerdict<consumer::Session>;

pub fn by_email(page: &str) -> StartLogInOptions {
    StartLogInOptions {
        method: "magic_link".to_owned(),
        return_to: Some(page.to_owned()),
        ..StartLogInOptions::default()
    }
}

/// Has the API send a magic link, and returns its URL.
pub fn link(
    platform: &Arc<TestPlatform>,
    client: &Client,
    email: &str,
    code_challenge: Option<String>,
) -> String {
    let request = consumer::MagicLinksEmailLoginOrCreateRequest {
        email: email.to_owned(),
        code_challenge,
        ..consumer::MagicLinksEmailLoginOrCreateRequest::default()
    };
    run(client.magic_links().email().login_or_create(&request)).unwrap();
    format!("/callback?{}", query(platform, email))
}

/// The query of the newest link to an address.
pub fn query(platform: &TestPlatform, email: &str) -> String {
    let outbox = platform.control("GET", "/_emulator/outbox.json", &json!({}));
    let messages = outbox["messages"].as_array().unwrap();
    let of_address = messages.iter().filter(|mail| mail["to"] == email);
    let newest = of_address.max_by_key(|mail| mail["id"].as_u64().unwrap());
    let url = newest.unwrap()["url"].as_str().unwrap();
    url.split_once('?').unwrap().1.to_owned()
}

pub fn word<Session>(verdict: &LogInVerdict<Session>) -> String {
    let text = format!("{verdict:?}");
    let word = text.strip_prefix("LogInVerdict(").unwrap();
    word.trim_end_matches(')').to_owned()
}

/// The email address of the user who is logged in.
pub fn user(verdict: &Verdict) -> String {
    let LogInResult::LoggedIn { response, session } = &verdict.result else {
        panic!("{verdict:?}");
    };
    assert_eq!(response["user_id"], session.user_id);
    response["user"]["emails"][0]["email"]
        .as_str()
        .unwrap()
        .to_owned()
}
