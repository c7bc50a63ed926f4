//! An emulator with one object of each kind, and the values that name these objects in requests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stytch_emulator::{Credentials, Emulator, Request, Response, Settings, UnixSeconds};

use super::description::{OPERATIONS, Operation};
use super::prepared::{Values, policy};
use super::world_apps;
use super::world_passwords;

pub const NOW: UnixSeconds = UnixSeconds(1_795_000_000);

/// A project with its objects. Cloned for each request, because keys are slow to generate.
#[derive(Clone)]
pub struct World {
    pub emulator: Emulator,
    /// Values of consumer requests, by the name of the parameter.
    pub(super) consumer: BTreeMap<&'static str, Value>,
    /// Values of B2B requests.
    pub(super) b2b: BTreeMap<&'static str, Value>,
    /// Values of the requests of one operation, by its route.
    prepared: BTreeMap<String, Values>,
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
            prepared: BTreeMap::new(),
        }
    }

    fn seeded() -> Self {
        let mut world = Self::with_policies();
        world.seed_consumer();
        world.seed_b2b();
        world.add_fresh_values();
        world
    }

    /// A world with the role `editor`, and without other objects.
    pub fn with_policies() -> Self {
        let mut world = Self::empty();
        for product in ["consumer", "b2b"] {
            world.control("POST /_emulator/policies", policy(product));
        }
        world.trust_another_issuer();
        world
    }

    /// The value that a request of this operation has for a parameter, or `None` if any value of its type will do.
    pub fn value(&self, operation: &Operation, name: &str) -> Option<&Value> {
        let own = self.prepared.get(&operation.route());
        let mut own = own.into_iter().flatten();
        if let Some((_, value)) = own.find(|(own, _)| *own == name) {
            return Some(value);
        }
        let is_link = operation.path.ends_with("/magic_links/authenticate");
        let sends = operation.path.ends_with("/send");
        let name = world_passwords::alias(operation, name).unwrap_or(name);
        let name = match world_apps::name_in_world(operation, name).unwrap_or(name) {
            "expiration_minutes" if operation.path.starts_with("/v1/otps/") => "otp_minutes",
            "session_token" if operation.path.ends_with("/sessions/migrate") => {
                "external_session_token"
            }
            "token" if operation.path.ends_with("/sessions/attest") => "trusted_token",
            "token" if operation.path == "/v1/oauth/authenticate" => "oauth_login_token",
            "access_token" => "app_access_token",
            "email" if sends => "own_email",
            "phone_number" if sends => "own_phone_number",
            "email" if operation.path.ends_with("/revoke_invite") => "invited_email",
            "user_id" if operation.path.ends_with("/exchange_primary_factor") => "other_user_id",
            "token" if is_link => "link",
            "member_id" if operation.path.ends_with("/reactivate") => "deleted_member_id",
            "email_address" if operation.path.ends_with("/unlink_retired_email") => "retired_email",
            "discovery_expiration_minutes" if operation.path.contains("/otps/") => "code_minutes",
            "code" if operation.path.ends_with("/discovery/authenticate") => "discovery_code",
            "magic_links_token" => "link",
            "email_address" if operation.path == "/v1/email/risk" => "own_email",
            "client_id" if operation.path.ends_with("/rotate") => "rotating",
            "client_id" if operation.path.ends_with("/rotate/cancel") => "rotating",
            // The ID of a new client must not be in use.
            "client_id" if operation.path == "/v1/m2m/clients" => "new_client_id",
            "organization_id" if operation.id == "b2bScimConnectionCreate" => {
                "unconnected_organization_id"
            }
            "connection_id" => super::world_sso::connection_of(operation),
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
        self.set_password_mode(&request.path, NOW);
        self.emulator.handle(request, NOW)
    }

    /// The data of both projects and the outbox, as JSON text. Keys and random numbers are left out.
    pub fn state(&self) -> Value {
        let mut snapshot: Value = serde_json::from_str(&self.emulator.snapshot()).unwrap();
        let state = &mut snapshot["state"];
        for product in ["consumer", "b2b"] {
            state["projects"][product]["project"]["keys"].take();
            // A refused log-in is counted.
            state["projects"][product]["project"]["locks"]["failures"].take();
            state["projects"][product]["project"]["password_config"].take();
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
        let code = call(
            "POST /v1/otps/sms/send",
            json!({ "phone_number": "+15005550006", "expiration_minutes": 10 }),
        );
        let invited = json!({ "email": "hedy@example.com" });
        let other = call("POST /v1/magic_links/email/invite", invited);
        self.consumer = BTreeMap::from([
            ("user_id", user["user_id"].clone()),
            ("other_user_id", other["user_id"].clone()),
            ("otp_minutes", json!(10)),
            ("profile_id", json!(PROFILE)),
            ("provider", json!("google")),
            ("external_session_token", json!("external-1")),
            ("own_email", json!("ada@example.com")),
            ("own_phone_number", json!("+15005550006")),
            ("invited_email", json!("hedy@example.com")),
            ("email_id", user["email_id"].clone()),
            ("phone_id", user["phone_id"].clone()),
            ("method_id", user["phone_id"].clone()),
            ("code", code["code"].clone()),
            ("email_address", json!("new@example.com")),
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
        self.add_user_password();
        self.consumer.extend(super::world_oauth::device_values());
        self.add_factors();
        self.add_apps();
    }

    /// Adds a trusted token profile with the keys of the project, and a session of another provider.
    fn trust_another_issuer(&mut self) {
        self.register_device();
        let (consumer, b2b) = (&SETTINGS.consumer.project_id, &SETTINGS.b2b.project_id);
        for (product, jwks, address) in [
            (
                "consumer",
                format!("/v1/sessions/jwks/{consumer}"),
                "ada@example.com",
            ),
            (
                "b2b",
                format!("/v1/b2b/sessions/jwks/{b2b}"),
                "bob@acme.example",
            ),
        ] {
            let keys = self.control(&format!("GET {jwks}"), Value::Null)["keys"].take();
            self.control(
                "POST /_emulator/trusted_token_profiles",
                json!({ "product": product, "profile_id": PROFILE, "issuer": ISSUER, "audience": "stytch", "keys": keys, "can_jit_provision": true }),
            );
            self.control(
                "POST /_emulator/external_sessions",
                json!({ "product": product, "session_token": "external-1", "email_address": address }),
            );
        }
    }

    /// Creates a value that works only for a short time, if a request of this operation needs one. `subject` is the id of
    /// a user or member.
    pub fn fresh(
        &mut self,
        operation: &Operation,
        subject: &Value,
        now: UnixSeconds,
    ) -> Option<(&'static str, Value)> {
        if let Some(token) = self.fresh_reset_token(operation, subject, now) {
            return Some(("reset_token", token));
        }
        if operation.path == "/v1/b2b/sso/authenticate" {
            return Some(("sso_token", self.sso_token(now)?));
        }
        let product = match operation.is_b2b() {
            true => "b2b",
            false => "consumer",
        };
        let (route, mut order, name) = match operation.path.as_str() {
            "/v1/impersonation/authenticate" | "/v1/b2b/impersonation/authenticate" => {
                let route = "POST /_emulator/impersonation_tokens";
                (route, json!({}), "impersonation_token")
            }
            "/v1/sessions/exchange_access_token" | "/v1/b2b/sessions/exchange_access_token" => {
                let claims = json!({ "scope": "openid full_access" });
                let order = json!({ "kind": "connected_app", "claims": claims });
                ("POST /_emulator/tokens", order, "app_access_token")
            }
            "/v1/sessions/attest" | "/v1/b2b/sessions/attest" => {
                // A user of the consumer project does not have an organization, so the claim is ignored.
                let claims = json!({ "iss": ISSUER, "aud": "stytch", "email": "trusted@acme.example", "jti": "1", "organization_id": "acme" });
                let order = json!({ "kind": "m2m", "claims": claims });
                ("POST /_emulator/tokens", order, "trusted_token")
            }
            _ => return self.oauth_token(operation, now),
        };
        order["product"] = product.into();
        if name != "trusted_token" {
            let selector = if operation.is_b2b() {
                "member_id"
            } else {
                "user_id"
            };
            order[selector] = subject.clone();
        }
        let response = self.emulator.handle(&request(route, None, &order), now);
        let mut body: Value = serde_json::from_slice(&response.body).unwrap();
        let answered = ["impersonation_token", "token"];
        let member = answered.into_iter().find(|member| body[member].is_string());
        member.map(|member| (name, body[member].take()))
    }

    /// Adds the values of [`World::fresh`].
    fn add_fresh_values(&mut self) {
        for operation in OPERATIONS.iter() {
            let prepared = self.prepare(operation, NOW);
            self.prepared.insert(operation.route(), prepared);
            let (values, id) = match operation.is_b2b() {
                true => (&self.b2b, "member_id"),
                false => (&self.consumer, "user_id"),
            };
            let subject = values[id].clone();
            if let Some((name, value)) = self.fresh(operation, &subject, NOW) {
                let values = match operation.is_b2b() {
                    true => &mut self.b2b,
                    false => &mut self.consumer,
                };
                values.insert(name, value);
            }
        }
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
            "email_invites": "ALL_ALLOWED",
        });
        let organization = call("POST /v1/b2b/organizations", organization)["organization"].take();
        let id = organization["organization_id"].as_str().unwrap().to_owned();
        let member = json!({
            "email_address": "robert@acme.example",
            "external_id": "bob-1",
            "mfa_phone_number": "+15005550006",
            "roles": ["editor", "stytch_admin"],
        });
        let members = format!("POST /v1/b2b/organizations/{id}/members");
        let member = call(&members, member)["member"].take();
        let change = format!("PUT /v1/b2b/organizations/{id}/members/bob-1");
        let change = call(&change, json!({ "email_address": "bob@acme.example" }));
        let retired = change["member"]["retired_email_addresses"][0].clone();
        let login = json!({ "organization_id": id, "email_address": "bob@acme.example" });
        let start = "POST /v1/b2b/magic_links/email/login_or_signup";
        let session = call(start, login.clone())["link"].take();
        let session = call(
            "POST /v1/b2b/magic_links/authenticate",
            json!({ "magic_links_token": session }),
        );
        let link = call(start, login)["link"].take();
        let carol = json!({ "organization_id": id, "email_address": "carol@acme.example" });
        let carol = call(start, carol)["link"].take();
        let carol = json!({ "magic_links_token": carol });
        let carol = call("POST /v1/b2b/magic_links/authenticate", carol)["member_id"].take();
        let carol_id = carol.as_str().unwrap();
        call(
            &format!("DELETE /v1/b2b/organizations/{id}/members/{carol_id}"),
            Value::Null,
        );
        let eve = json!({ "email_address": "eve@acme.example" });
        let discovery = "POST /v1/b2b/magic_links/email/discovery/send";
        let token = json!({ "discovery_magic_links_token": call(discovery, eve.clone())["link"] });
        let user = call("POST /v1/b2b/magic_links/discovery/authenticate", token);
        let discovery_link = call(discovery, eve.clone())["link"].take();
        let code = call("POST /v1/b2b/otps/email/discovery/send", eve)["code"].take();
        let check = json!({ "organization_id": id, "resource_id": "documents", "action": "read" });
        let role = json!({
            "role_id": "auditor",
            "description": "Reads documents",
            "permissions": [{ "resource_id": "documents", "actions": ["read"] }],
        });
        self.b2b = BTreeMap::from([
            ("organization_id", json!(id)),
            ("profile_id", json!(PROFILE)),
            ("external_session_token", json!("external-1")),
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
            ("organization_ids", json!([id])),
            ("query", json!({ "operator": "AND", "operands": [] })),
            ("deleted_member_id", carol),
            ("email_id", retired["email_id"].clone()),
            ("retired_email", retired["email_address"].clone()),
            ("default_mfa_method", json!("sms_otp")),
            ("discovery_magic_links_token", discovery_link),
            ("discovery_code", code),
            ("code_minutes", json!(10)),
            (
                "intermediate_session_token",
                user["intermediate_session_token"].clone(),
            ),
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
        let connections = self.add_connections(&id);
        self.b2b.extend(connections);
        let directory = self.add_directory(&id);
        self.b2b.extend(directory);
        self.add_member_password();
        self.add_member_factors(&member["member_id"]);
        self.add_b2b_app();
    }

    /// Sends a call that must succeed. The members `link` and `code` of the result are those of the newest
    /// message.
    pub(super) fn call(&mut self, credentials: &Credentials, route: &str, body: Value) -> Value {
        let mut body = self.json(&request(route, Some(credentials), &body));
        let outbox = self.control("GET /_emulator/outbox.json", Value::Null);
        body["link"] = outbox["messages"][0]["token"].clone();
        body["code"] = outbox["messages"][0]["code"].clone();
        body
    }

    pub(super) fn control(&mut self, route: &str, body: Value) -> Value {
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
    path.starts_with("/v1/public/") || path.starts_with("/v1/saml/")
}

/// A trusted token profile, and its issuer.
const PROFILE: &str = "trusted-token-profile-1";
const ISSUER: &str = "https://issuer.example";
pub const SECRET: &str = "correct horse battery";
/// The base64url of a SHA-256 hash.
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
