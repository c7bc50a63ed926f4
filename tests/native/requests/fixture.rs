//! A user with a session in the emulator, and requests of that user.

use serde_json::json;
use stytch_edge::{
    client::{
        CookieRules, Credentials, RemoteFallback, RequestHeaders, RequiredClaim, Requirement,
        Verdict, VerdictWithCookies,
    },
    flow::{RequestCheck, Times},
    jwt::ClockTolerance,
    session::Product,
};

use crate::shell::{Fault, Faults, Shell};

/// The options of the caller, and the failures of the API.
pub struct Options {
    pub fallback: RemoteFallback,
    pub requirement: Requirement,
    pub required_claims: Vec<RequiredClaim>,
    pub max_token_age: Option<f64>,
    /// The time of the check and the tolerance. Default: the current time, and no tolerance.
    pub now: Option<f64>,
    pub tolerance: f64,
    /// The names and attributes of the cookies. Default: those of the library.
    pub cookies: Option<CookieRules>,
    /// Failures of the network and the API.
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            fallback: RemoteFallback::Stale,
            requirement: Requirement::Nothing,
            required_claims: Vec::new(),
            max_token_age: None,
            now: None,
            tolerance: 0.0,
            cookies: None,
            faults: Faults::default(),
        }
    }
}

impl Options {
    /// The requests about sessions fail.
    pub fn failing(fault: Fault) -> Self {
        Self {
            faults: Faults {
                sessions: Some(fault),
                ..Faults::default()
            },
            ..Self::default()
        }
    }

    /// The cookies have a domain.
    pub fn with_domain() -> Self {
        Self {
            cookies: Some(CookieRules {
                domain: "example.com".to_owned(),
                ..CookieRules::default()
            }),
            ..Self::default()
        }
    }
}

/// The tokens of a user who is logged in.
pub struct Login {
    pub session_jwt: String,
    pub session_token: String,
}

impl Login {
    pub fn cookies(&self) -> String {
        let Self {
            session_jwt,
            session_token,
        } = self;
        format!("a=b; stytch_session={session_token}; stytch_session_jwt={session_jwt}")
    }
}

impl Shell {
    pub fn log_in(&mut self) -> Login {
        self.log_in_as("user@example.com")
    }

    pub fn log_in_as(&mut self, email: &str) -> Login {
        let (status, _) = self.call(
            "POST",
            "/v1/magic_links/email/login_or_create",
            json!({ "email": email }),
        );
        assert!(status < 300);
        let outbox = self.read_control("/_emulator/outbox.json");
        let mail = outbox["messages"]
            .as_array()
            .unwrap()
            .iter()
            .find(|mail| mail["to"] == email);
        let token = mail.unwrap()["token"].clone();
        let (_, body) = self.call(
            "POST",
            "/v1/magic_links/authenticate",
            json!({ "token": token, "session_duration_minutes": 60 }),
        );
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Login {
            session_jwt: text("session_jwt"),
            session_token: text("session_token"),
        }
    }

    /// Ends a session.
    pub fn revoke(&mut self, login: &Login) {
        let session_token = json!({ "session_token": login.session_token });
        self.call("POST", "/v1/sessions/revoke", session_token);
    }

    /// The verdict on a request with these headers.
    pub fn authenticate(
        &mut self,
        authorization: Option<&str>,
        cookie: Option<&str>,
        options: &Options,
    ) -> VerdictWithCookies {
        self.sent = 0;
        self.faults = options.faults.clone();
        let rules = options.cookies.clone().unwrap_or_default();
        let headers = RequestHeaders {
            authorization,
            cookie,
        };
        let question = RequestCheck {
            credentials: Credentials::find(headers, &rules.session_jwt, &rules.session_token),
            requirement: &options.requirement,
            times: Times {
                now: options.now,
                tolerance: ClockTolerance::of(options.tolerance),
                max_token_age: options.max_token_age,
            },
            required_claims: &options.required_claims,
            remote_fallback: Some(options.fallback),
            cookies: Some(&rules),
            session_duration_minutes: None,
            refresh_timeout_ms: None,
        };
        self.run(async |core| core.authenticate_request(&question).await)
            .unwrap()
    }

    pub fn cookies(&mut self, cookie: &str) -> VerdictWithCookies {
        self.authenticate(None, Some(cookie), &Options::default())
    }
}

pub fn reason(decided: &VerdictWithCookies) -> (&'static str, &'static str) {
    (decided.verdict.status(), decided.verdict.reason())
}

/// The user of the verdict, or the verdict if the user is not authenticated.
pub fn user(decided: &VerdictWithCookies) -> String {
    let Verdict::Authenticated { session, .. } = &decided.verdict else {
        return format!("{decided:?} {:?}", decided.set_cookies);
    };
    let session: serde_json::Value = serde_json::from_str(session).unwrap();
    session["user_id"].as_str().unwrap().to_owned()
}

/// A `Cookie` header with these session JWTs.
pub fn jwts(list: &[&str]) -> String {
    let cookies = list.iter().map(|jwt| format!("stytch_session_jwt={jwt}"));
    cookies.collect::<Vec<_>>().join("; ")
}

pub fn clears_both(decided: &VerdictWithCookies) -> bool {
    decided.set_cookies.len() == 2
        && decided
            .set_cookies
            .iter()
            .all(|line| line.contains("=; Path=/; Max-Age=0;"))
}

pub fn consumer() -> (Shell, Login) {
    let mut shell = Shell::new(Product::Consumer);
    let login = shell.log_in();
    (shell, login)
}
