//! A visitor before the client room: what a shell does between its steps, with the
//! emulator as the API.

use serde_json::{Value, json};
use stytch_edge::{
    client::{
        Asking, Authenticated, CheckRequest, CookieRules, Demand, Need, Outcome, Question,
        RemoteFallback, RequestHeaders, RequiredClaim, Step, Trouble, Verdict, Visit, Visited,
        visit,
    },
    session::{CheckOptions, Product, TokenKind},
};

use crate::shell::Shell;

/// What a caller asks.
pub struct Asked {
    pub fallback: RemoteFallback,
    pub demand: Demand,
    pub required_claims: Vec<RequiredClaim>,
    pub cookies: CookieRules,
    pub max_token_age: Option<f64>,
    /// What goes wrong with the keys, the policies and the API.
    pub without_keys: bool,
    pub without_policy: Option<Trouble<'static>>,
    pub without_api: Option<Trouble<'static>>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            fallback: RemoteFallback::Stale,
            demand: Demand::Nothing,
            required_claims: Vec::new(),
            cookies: CookieRules::default(),
            max_token_age: None,
            without_keys: false,
            without_policy: None,
            without_api: None,
        }
    }
}

/// A user or member of the emulator, logged in.
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
        let email = "somebody@example.com";
        let (status, _) = self.call(
            "POST",
            "/v1/magic_links/email/login_or_create",
            json!({ "email": email }),
        );
        assert!(status < 300);
        let outbox = self.page("/_emulator/outbox.json");
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

    pub fn judge(
        &mut self,
        authorization: Option<&str>,
        cookie: Option<&str>,
        asked: &Asked,
    ) -> Visited {
        self.sent = 0;
        let issuer = self.config.issuer();
        let now = self.now as f64;
        let request = Visit {
            headers: RequestHeaders {
                authorization,
                cookie,
            },
            check: CheckRequest {
                issuer: &issuer,
                token: "",
                kind: TokenKind::Session,
                demand: &asked.demand,
                options: CheckOptions {
                    now,
                    clock_tolerance: 0.0,
                    max_token_age: asked.max_token_age,
                },
                cache: self.cache,
                asking: Asking::at(now),
            },
            required_claims: &asked.required_claims,
            remote_fallback: asked.fallback,
            cookies: &asked.cookies,
        };
        let (mut body, mut trouble) = (Value::Null, None);
        let mut loaded = None;
        for _ in 0..6 {
            let text = |name: &str| body[name].as_str().unwrap_or_default();
            let name = if issuer.product == Product::B2b {
                "member_session"
            } else {
                "session"
            };
            let outcome = match (trouble, &loaded) {
                (Some(trouble), _) => Outcome::Refused(trouble),
                _ if body[name].is_object() => Outcome::Answered(Authenticated {
                    session_jwt: text("session_jwt"),
                    session_token: text("session_token"),
                    expires_at: body[name]["expires_at"].as_str().unwrap(),
                }),
                (_, Some((without_keys, policy))) => Outcome::Loaded {
                    without_keys: *without_keys,
                    policy: *policy,
                },
                _ if body.is_object() => Outcome::Refused(Trouble::Status(
                    u16::try_from(body["status_code"].as_u64().unwrap()).unwrap(),
                    body["error_type"].as_str().unwrap_or_default(),
                )),
                _ => Outcome::Begun,
            };
            match visit(&mut self.scopes, &request, &outcome).unwrap() {
                Step::Done(visited) => return *visited,
                Step::Needed(needs) => {
                    let (mut without_keys, mut policy) = loaded.unwrap_or((false, None));
                    for need in needs {
                        match (&need, asked.without_policy) {
                            (Need::Keys, _) if asked.without_keys => without_keys = true,
                            (Need::Policy(_), Some(trouble)) => policy = Some(trouble),
                            _ => self.fetch(need),
                        }
                    }
                    loaded = Some((without_keys, policy));
                }
                Step::Ask(question) => {
                    loaded = None;
                    let mut fields = match question {
                        Question::SessionToken(token) => json!({ "session_token": token }),
                        Question::SessionJwt(token) => json!({ "session_jwt": token }),
                    };
                    if let Demand::Permission(check) = &asked.demand {
                        fields["authorization_check"] =
                            json!({"resource_id": check.resource_id, "action": check.action});
                    }
                    trouble = asked.without_api;
                    let path = match issuer.product {
                        Product::Consumer => "/v1/sessions/authenticate",
                        Product::B2b => "/v1/b2b/sessions/authenticate",
                    };
                    body = self.call("POST", path, fields).1;
                }
            }
        }
        panic!("there is no verdict")
    }

    pub fn cookies(&mut self, cookie: &str) -> Visited {
        self.judge(None, Some(cookie), &Asked::default())
    }
}

pub fn reason(visited: &Visited) -> (&'static str, &'static str) {
    match &visited.verdict {
        Verdict::Authenticated { via, .. } => ("authenticated", via.word()),
        Verdict::Unauthenticated(reason)
        | Verdict::Forbidden(reason)
        | Verdict::Unavailable(reason) => (visited.verdict.status(), reason.word()),
    }
}

pub fn clears_both(visited: &Visited) -> bool {
    visited.set_cookies.len() == 2
        && visited
            .set_cookies
            .iter()
            .all(|line| line.contains("=; Path=/; Max-Age=0;"))
}

pub fn consumer() -> (Shell, Login) {
    let mut shell = Shell::new(Product::Consumer);
    let login = shell.log_in();
    (shell, login)
}
