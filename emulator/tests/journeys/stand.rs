//! The test stand of all journeys: an emulator, a clock, and short methods to send a call and to read the response.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use stytch_emulator::{Credentials, Emulator, Request, Settings, UnixSeconds};

pub struct Stand {
    pub emulator: Emulator,
    pub now: UnixSeconds,
}

pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// Key generation is slow, so all journeys start with a clone of one emulator.
static FRESH: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(SETTINGS.clone(), [7; 32]).unwrap());
pub static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::from_seed([8; 32]));

impl Stand {
    pub fn new() -> Self {
        Self {
            emulator: FRESH.clone(),
            now: UnixSeconds(1_795_000_000),
        }
    }

    pub fn later(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// Sends a call of the consumer project. With `Value::Null`, the body is empty.
    pub fn consumer(&mut self, call: &str, body: Value) -> Answer {
        self.send(request(call, Some(&SETTINGS.consumer), body))
    }

    /// Sends a call of the B2B project.
    pub fn b2b(&mut self, call: &str, body: Value) -> Answer {
        self.send(request(call, Some(&SETTINGS.b2b), body))
    }

    /// Sends a call without credentials, to a public route or a control route.
    pub fn open(&mut self, call: &str, body: Value) -> Answer {
        self.send(request(call, None, body))
    }

    /// Sends a form, as OAuth 2.0 clients do.
    pub fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let media_type = "application/x-www-form-urlencoded;charset=UTF-8";
        self.send(Request {
            method: "POST".into(),
            path: path.into(),
            headers: vec![("Content-Type".into(), media_type.into())],
            body: body.into(),
            ..Request::default()
        })
    }

    pub fn send(&mut self, request: Request) -> Answer {
        let response = self.emulator.handle(&request, self.now);
        let body = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        if request.path.starts_with("/v1") && body["status_code"].is_number() {
            assert_eq!(
                body["status_code"], response.status,
                "the body's status is the HTTP status"
            );
        }
        Answer {
            status: response.status,
            body,
        }
    }

    /// Returns the newest mail.
    pub fn mail(&mut self) -> Value {
        self.open("GET /_emulator/outbox.json", Value::Null).body["messages"][0].clone()
    }

    /// Requests a magic link and returns its token.
    pub fn link_for(&mut self, email: &str) -> String {
        self.consumer(
            "POST /v1/magic_links/email/login_or_create",
            json!({ "email": email }),
        )
        .ok();
        self.mail()["token"].as_str().unwrap().to_owned()
    }

    /// Logs a user in for 60 minutes.
    pub fn log_in(&mut self, email: &str) -> Answer {
        let token = self.link_for(email);
        let body = json!({ "token": token, "session_duration_minutes": 60 });
        self.consumer("POST /v1/magic_links/authenticate", body)
            .ok()
    }

    /// Configures the role `editor`, which allows all actions on documents, and the role `reader`, which allows `read`.
    pub fn set_up_roles(&mut self, product: &str) {
        let role = |role_id: &str, actions: Value| {
            let permission = json!({ "resource_id": "documents", "actions": actions });
            json!({ "role_id": role_id, "description": "", "permissions": [permission] })
        };
        let policy = json!({
            "product": product,
            "roles": [role("editor", json!(["*"])), role("reader", json!(["read"]))],
            "resources": [{ "resource_id": "documents", "actions": ["read", "write"] }],
        });
        self.open("POST /_emulator/policies", policy).ok();
    }

    /// Creates an organization that users at `<name>.example` may join, and returns its id.
    pub fn organization(&mut self, name: &str) -> String {
        let domain = format!("{name}.example");
        let body = json!({
            "organization_name": name,
            "email_jit_provisioning": "RESTRICTED",
            "email_allowed_domains": [domain],
        });
        self.b2b("POST /v1/b2b/organizations", body)
            .ok()
            .text("/organization/organization_id")
    }

    /// Logs a member in. A new member joins the organization.
    pub fn log_in_member(&mut self, organization_id: &str, email: &str) -> Answer {
        let body = json!({ "organization_id": organization_id, "email_address": email });
        self.b2b("POST /v1/b2b/magic_links/email/login_or_signup", body)
            .ok();
        let token = self.mail()["token"].clone();
        self.b2b(
            "POST /v1/b2b/magic_links/authenticate",
            json!({ "magic_links_token": token }),
        )
        .ok()
    }
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        self
    }

    /// Asserts the status and type of an error.
    #[track_caller]
    pub fn refused(&self, status: u16, error_type: &str) {
        assert_eq!(
            (self.status, self.body["error_type"].as_str()),
            (status, Some(error_type)),
            "{}",
            self.body
        );
    }

    /// Asserts the status and type of an error in the form of OAuth 2.0.
    #[track_caller]
    pub fn refused_by_oauth2(&self, status: u16, error: &str) {
        assert_eq!(
            (self.status, self.body["error"].as_str()),
            (status, Some(error)),
            "{}",
            self.body
        );
    }

    /// Returns the string at a JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("expected a string at {pointer} in {}", self.body))
            .to_owned()
    }
}

/// Builds a request from `METHOD /path?query`, with Basic credentials if they are given.
pub fn request(call: &str, credentials: Option<&Credentials>, body: Value) -> Request {
    let (method, target) = call.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let basic =
        |known: &Credentials| STANDARD.encode(format!("{}:{}", known.project_id, known.secret));
    let header = |known| {
        (
            "Authorization".to_owned(),
            format!("Basic {}", basic(known)),
        )
    };
    Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: credentials.map(header).into_iter().collect(),
        body: if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into()
        },
    }
}

/// Decodes the header and the claims of a token. Does not verify its signature.
pub fn open_jwt(token: &str) -> (Value, Value) {
    let part = |index| {
        let bytes = URL_SAFE_NO_PAD
            .decode(token.split('.').nth(index).unwrap())
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    (part(0), part(1))
}
