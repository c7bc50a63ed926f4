//! An emulator with one object of each kind, and the values that name these objects in requests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stytch_emulator::{Credentials, Emulator, Request, Response, Settings, UnixSeconds};

use super::description::Operation;

pub const NOW: UnixSeconds = UnixSeconds(1_795_000_000);

/// A project with its objects. Cloned for each request, because keys are slow to generate.
#[derive(Clone)]
pub struct World {
    pub emulator: Emulator,
    /// Values of consumer requests, by the name of the parameter.
    consumer: BTreeMap<&'static str, Value>,
    /// Values of B2B requests.
    b2b: BTreeMap<&'static str, Value>,
}

/// A world with a user, an organization with a member, a session and an unused link of each, and M2M clients.
pub static SEEDED: LazyLock<World> = LazyLock::new(World::seeded);
pub static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::from_seed([8; 32]));

impl World {
    /// A world without objects.
    pub fn empty() -> Self {
        static FRESH: LazyLock<Emulator> =
            LazyLock::new(|| Emulator::new(SETTINGS.clone(), [7; 32]).unwrap());
        Self {
            emulator: FRESH.clone(),
            consumer: BTreeMap::new(),
            b2b: BTreeMap::new(),
        }
    }

    fn seeded() -> Self {
        let mut world = Self::with_policies();
        world.seed_consumer();
        world.seed_b2b();
        world
    }

    /// A world with the role `editor`, and without other objects.
    pub fn with_policies() -> Self {
        let mut world = Self::empty();
        for product in ["consumer", "b2b"] {
            world.control("POST /_emulator/policies", policy(product));
        }
        world
    }

    /// The value that a request of this operation has for a parameter, or `None` if any value of its type will do.
    pub fn value(&self, operation: &Operation, name: &str) -> Option<&Value> {
        let is_link = operation.path.ends_with("/magic_links/authenticate");
        let name = match name {
            "token" if is_link => "link",
            "magic_links_token" => "link",
            "client_id" if operation.path.ends_with("/rotate") => "rotating",
            "client_id" if operation.path.ends_with("/rotate/cancel") => "rotating",
            // The ID of a new client must not be in use.
            "client_id" if operation.path == "/v1/m2m/clients" => "new_client_id",
            name => name,
        };
        let values = match operation.is_b2b() {
            true => &self.b2b,
            false => &self.consumer,
        };
        values.get(name)
    }

    /// A value of consumer requests.
    pub fn consumer_value(&self, name: &str) -> &Value {
        &self.consumer[name]
    }

    /// Sends a request of the project that the operation belongs to.
    pub fn send(&mut self, request: &Request) -> Response {
        self.emulator.handle(request, NOW)
    }

    /// The data of both projects and the outbox, as JSON text. Keys and random numbers are left out.
    pub fn state(&self) -> Value {
        let mut snapshot: Value = serde_json::from_str(&self.emulator.snapshot()).unwrap();
        let state = &mut snapshot["state"];
        for product in ["consumer", "b2b"] {
            state["projects"][product]["project"]["keys"].take();
        }
        state["ids"].take();
        state.take()
    }

    fn seed_consumer(&mut self) {
        let credentials = &SETTINGS.consumer;
        let mut call = |route: &str, body| self.call(credentials, route, body);
        let user = json!({
            "email": "ada@example.com",
            "phone_number": "+15005550006",
            "external_id": "ada-1",
            "name": { "first_name": "Ada" },
            "trusted_metadata": { "plan": "pro" },
            "roles": ["editor"],
        });
        let user = call("POST /v1/users", user);
        let login = json!({ "email": "ada@example.com" });
        let start = "POST /v1/magic_links/email/login_or_create";
        let session = call(start, login.clone())["link"].take();
        let session = json!({ "token": session, "session_duration_minutes": 60 });
        let session = call("POST /v1/magic_links/authenticate", session);
        let link = call(start, login)["link"].take();
        let client = |id: &str| json!({ "client_id": id, "client_secret": SECRET, "client_name": "Job", "scopes": ["read:jobs"] });
        call("POST /v1/m2m/clients", client("job-1"));
        call("POST /v1/m2m/clients", client("job-2"));
        call("POST /v1/m2m/clients/job-2/secrets/rotate/start", json!({}));
        let token = format!("POST /v1/public/{}/oauth2/token", credentials.project_id);
        let token = call(
            &token,
            json!({ "client_id": "job-1", "client_secret": SECRET, "grant_type": "client_credentials" }),
        );
        self.consumer = BTreeMap::from([
            ("user_id", user["user_id"].clone()),
            ("session_id", session["session"]["session_id"].clone()),
            ("session_token", session["session_token"].clone()),
            ("session_jwt", session["session_jwt"].clone()),
            ("link", link),
            ("client_id", json!("job-1")),
            ("client_secret", json!(SECRET)),
            ("rotating", json!("job-2")),
            ("new_client_id", json!("job-3")),
            ("token", token["access_token"].clone()),
            ("project_id", json!(credentials.project_id)),
            ("email", json!("grace@example.com")),
            ("phone_number", json!("+15005550007")),
            ("external_id", json!("new-1")),
            ("roles", json!(["editor"])),
            ("scope", json!("read:jobs")),
            ("scopes", json!(["read:jobs", "write:jobs"])),
            ("grant_type", json!("client_credentials")),
            (
                "options",
                json!({ "ip_match_required": false, "user_agent_match_required": false }),
            ),
            (
                "authorization_check",
                json!({ "resource_id": "documents", "action": "read" }),
            ),
            ("code_challenge", json!(CHALLENGE)),
            ("query", json!({ "operator": "AND", "operands": [] })),
        ]);
    }

    fn seed_b2b(&mut self) {
        let credentials = &SETTINGS.b2b;
        let mut call = |route: &str, body| self.call(credentials, route, body);
        let organization = json!({
            "organization_name": "Acme",
            "organization_slug": "acme",
            "organization_external_id": "acme-1",
            "email_jit_provisioning": "RESTRICTED",
            "email_allowed_domains": ["acme.example"],
        });
        let organization = call("POST /v1/b2b/organizations", organization)["organization"].take();
        let id = organization["organization_id"].as_str().unwrap().to_owned();
        let member = json!({
            "email_address": "bob@acme.example",
            "external_id": "bob-1",
            "mfa_phone_number": "+15005550006",
            "roles": ["editor", "stytch_admin"],
        });
        let members = format!("POST /v1/b2b/organizations/{id}/members");
        let member = call(&members, member)["member"].take();
        let login = json!({ "organization_id": id, "email_address": "bob@acme.example" });
        let start = "POST /v1/b2b/magic_links/email/login_or_signup";
        let session = call(start, login.clone())["link"].take();
        let session = call(
            "POST /v1/b2b/magic_links/authenticate",
            json!({ "magic_links_token": session }),
        );
        let link = call(start, login)["link"].take();
        let check = json!({ "organization_id": id, "resource_id": "documents", "action": "read" });
        let role = json!({
            "role_id": "auditor",
            "description": "Reads documents",
            "permissions": [{ "resource_id": "documents", "actions": ["read"] }],
        });
        self.b2b = BTreeMap::from([
            ("organization_id", json!(id)),
            ("member_id", member["member_id"].clone()),
            (
                "member_session_id",
                session["member_session"]["member_session_id"].clone(),
            ),
            ("session_token", session["session_token"].clone()),
            ("session_jwt", session["session_jwt"].clone()),
            ("X-Stytch-Member-Session", session["session_token"].clone()),
            ("X-Stytch-Member-SessionJWT", session["session_jwt"].clone()),
            ("link", link),
            ("project_id", json!(credentials.project_id)),
            ("email_address", json!("eve@acme.example")),
            ("external_id", json!("new-1")),
            ("mfa_phone_number", json!("+15005550007")),
            ("roles", json!(["editor"])),
            ("organization_slug", json!("globex")),
            ("organization_external_id", json!("globex-1")),
            ("email_allowed_domains", json!(["globex.example"])),
            ("claimed_email_domains", json!(["globex.example"])),
            ("sso_jit_provisioning", json!("ALL_ALLOWED")),
            ("email_jit_provisioning", json!("NOT_ALLOWED")),
            ("email_invites", json!("ALL_ALLOWED")),
            ("auth_methods", json!("ALL_ALLOWED")),
            ("allowed_auth_methods", json!(["magic_link"])),
            ("mfa_policy", json!("OPTIONAL")),
            ("mfa_methods", json!("ALL_ALLOWED")),
            ("allowed_mfa_methods", json!(["totp"])),
            ("oauth_tenant_jit_provisioning", json!("NOT_ALLOWED")),
            ("allowed_oauth_tenants", json!({ "slack": ["T1"] })),
            (
                "first_party_connected_apps_allowed_type",
                json!("ALL_ALLOWED"),
            ),
            (
                "third_party_connected_apps_allowed_type",
                json!("RESTRICTED"),
            ),
            (
                "rbac_email_implicit_role_assignments",
                json!([{ "domain": "globex.example", "role_id": "editor" }]),
            ),
            ("authorization_check", check),
            ("pkce_code_challenge", json!(CHALLENGE)),
            ("org_policy", json!({ "roles": [role] })),
        ]);
    }

    /// Sends a call that must succeed. The member `link` of the result is the token of the newest message.
    fn call(&mut self, credentials: &Credentials, route: &str, body: Value) -> Value {
        let mut body = self.json(&request(route, Some(credentials), &body));
        let outbox = self.control("GET /_emulator/outbox.json", Value::Null);
        body["link"] = outbox["messages"][0]["token"].clone();
        body
    }

    fn control(&mut self, route: &str, body: Value) -> Value {
        self.json(&request(route, None, &body))
    }

    fn json(&mut self, request: &Request) -> Value {
        let response = self.send(request);
        let body = serde_json::from_slice(&response.body).unwrap();
        assert!(response.status < 300, "{} {body}", request.path);
        body
    }
}

/// Builds a request from `METHOD /path?query`, with Basic credentials if they are given.
pub fn request(route: &str, credentials: Option<&Credentials>, body: &Value) -> Request {
    let (method, target) = route.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let basic = |known: &Credentials| {
        let encoded = STANDARD.encode(format!("{}:{}", known.project_id, known.secret));
        ("Authorization".to_owned(), format!("Basic {encoded}"))
    };
    // Without this header, the OAuth 2.0 routes expect JSON, too.
    Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: credentials
            .filter(|_| !is_oauth2(path))
            .map(basic)
            .into_iter()
            .collect(),
        body: if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into()
        },
    }
}

/// Whether the caller of the route is an OAuth 2.0 client, which does not send the credentials of the project.
fn is_oauth2(path: &str) -> bool {
    path.starts_with("/v1/public/")
}

/// A policy with the role `editor`, which allows to read documents.
fn policy(product: &str) -> Value {
    json!({
        "product": product,
        "roles": [{
            "role_id": "editor",
            "description": "",
            "permissions": [{ "resource_id": "documents", "actions": ["read"] }],
        }],
        "resources": [{ "resource_id": "documents", "actions": ["read", "write"] }],
    })
}

pub const SECRET: &str = "correct horse battery";
/// The base64url of a SHA-256 hash.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
