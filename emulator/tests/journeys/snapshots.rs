//! Snapshots: after random calls, an emulator and the restored copy of it return the same bytes; malformed snapshots are
//! refused and change nothing.

use std::sync::LazyLock;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use serde_json::{Value, json};
use stytch_emulator::{Emulator, Request, RestoreError, Settings, UnixSeconds};

use crate::stand::{SETTINGS, Stand, request};

/// An emulator with other credentials, keys and random numbers.
static OTHER: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(Settings::from_seed([1; 32]), [2; 32]).unwrap());

#[test]
fn a_restored_emulator_returns_the_same_bytes() {
    let mut succeeded = 0;
    for seed in 0..8 {
        let mut caller = Caller::new(seed);
        let mut original = Stand::new().emulator;
        for _ in 0..60 {
            succeeded += u32::from(caller.call(&mut [&mut original]) < 300);
        }
        let snapshot = original.snapshot();
        let mut restored = OTHER.clone();
        restored.restore(&snapshot).unwrap();
        assert_eq!(restored.snapshot(), snapshot, "seed {seed}");
        for _ in 0..60 {
            succeeded += u32::from(caller.call(&mut [&mut original, &mut restored]) < 300);
        }
        assert_eq!(restored.snapshot(), original.snapshot(), "seed {seed}");
    }
    assert!(succeeded > 400, "only {succeeded} of 960 calls succeeded");
}

#[test]
fn the_control_routes_write_and_read_a_snapshot() {
    let mut stand = Stand::new();
    let user = stand.log_in("ada@example.com").text("/user_id");
    let snapshot = stand.open("GET /_emulator/snapshot.json", Value::Null).ok();
    let path = format!("GET /v1/users/{user}");
    stand
        .consumer(&format!("DELETE /v1/users/{user}"), Value::Null)
        .ok();
    stand
        .open("POST /_emulator/restore", snapshot.body.clone())
        .ok();
    stand.consumer(&path, Value::Null).ok();
    let refused = stand.open("POST /_emulator/restore", json!({ "version": 9 }));
    assert_eq!(
        (refused.status, refused.text("/error").as_str()),
        (400, "the member version must be 1")
    );
    stand.consumer(&path, Value::Null).ok();
}

#[test]
fn refuses_a_malformed_snapshot_and_keeps_the_state() {
    let mut stand = Stand::new();
    stand.log_in("ada@example.com");
    let organization = stand.organization("acme");
    stand.log_in_member(&organization, "bob@acme.example");
    let secret = json!({ "client_secret": "correct horse battery" });
    stand.consumer("POST /v1/m2m/clients", secret).ok();
    let before = stand.emulator.snapshot();
    let whole: Value = serde_json::from_str(&before).unwrap();

    let error = stand.emulator.restore("{").unwrap_err();
    assert!(matches!(error, RestoreError::NotJson { .. }), "{error}");
    let user = "/state/projects/consumer/users/0";
    for (pointer, value, wanted) in [
        ("/version", json!(2), "the member version must be 1"),
        (
            "/settings/consumer/secret",
            json!("x"),
            "the secret of the consumer project must",
        ),
        (
            "/settings/consumer/project_id",
            whole["settings"]["b2b"]["project_id"].clone(),
            "must have different ids",
        ),
        (
            "/state/projects/b2b/project/id",
            json!("x"),
            "the project ids in settings and in state.projects must be equal",
        ),
        (
            &format!("{user}/emails/0/email"),
            json!(1),
            "at state.projects.consumer.users[0].emails[0].email: invalid type",
        ),
        (
            &format!("{user}/nickname"),
            json!("x"),
            "unknown field `nickname`",
        ),
        (
            &format!("{user}/is_locked"),
            json!("yes"),
            "is_locked: invalid type",
        ),
        (
            &format!("{user}/created_at"),
            json!("yesterday"),
            "expected a time",
        ),
        (
            &format!("{user}/totps"),
            json!([1]),
            "totps[0]: invalid type",
        ),
        (
            "/state/projects/b2b/organizations/0/colour",
            json!(1),
            "unknown field `colour`",
        ),
        (
            "/state/projects/b2b/organizations/0/auth_methods",
            json!(1),
            "invalid type",
        ),
        (
            "/state/projects/b2b/members/0/member/totp_registration_id",
            json!(1),
            "totp_registration_id: invalid type",
        ),
        (
            "/state/projects/consumer/project/m2m_clients/0/client_secret",
            json!(7),
            "client_secret: invalid type",
        ),
        (
            "/state/projects/consumer/project/keys/current/kid",
            json!("jwk-test-1"),
            "the key has no kid of an emulator",
        ),
        ("/clock/tokens", json!("never"), "unknown variant"),
        (
            "/state/projects/consumer/project/keys/current/n",
            json!("AQAB"),
            "the key must have 2048 to 4096 bits",
        ),
        (
            "/state/projects/consumer/project/keys/current/p",
            json!("!"),
            "the key has no valid member p",
        ),
        (
            "/state/ids/drawn_words",
            json!("-1"),
            "expected a string of decimal digits",
        ),
    ] {
        let mut changed = whole.clone();
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[member] = value;
        let error = stand.emulator.restore(&changed.to_string()).unwrap_err();
        assert!(error.to_string().contains(wanted), "{pointer}: {error}");
        assert_eq!(stand.emulator.snapshot(), before, "{pointer}");
    }
}

#[test]
fn an_error_does_not_contain_values_of_the_snapshot() {
    let mut emulator = Stand::new().emulator;
    let mut changed: Value = serde_json::from_str(&emulator.snapshot()).unwrap();
    changed["state"]["ids"]["seed"] = json!("my \"secret\" seed");
    let error = emulator.restore(&changed.to_string()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the snapshot is malformed at state.ids.seed: invalid type: string, expected an array of length 32"
    );
}

/// Each member of a snapshot is removed, and replaced by a value of another type. Nothing panics.
#[test]
fn survives_a_snapshot_with_any_change() {
    let mut stand = Stand::new();
    stand.log_in("ada@example.com");
    let mut emulator = stand.emulator.clone();
    let whole: Value = serde_json::from_str(&emulator.snapshot()).unwrap();
    let mut pointers = Vec::new();
    collect_pointers(&whole, String::new(), &mut pointers);
    assert!(pointers.len() > 200, "{}", pointers.len());
    let mut refused = 0;
    for pointer in pointers
        .iter()
        .filter(|pointer| !pointer.contains("/seed/"))
    {
        for value in [
            Value::Null,
            json!({}),
            json!([1]),
            json!(-1),
            json!("\u{0}"),
        ] {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            refused += u32::from(emulator.restore(&changed.to_string()).is_err());
        }
    }
    assert!(refused > 500, "{refused}");
}

fn collect_pointers(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            collect_pointers(inner, format!("{pointer}/{name}"), pointers);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, inner)| {
            collect_pointers(inner, format!("{pointer}/{index}"), pointers);
        }),
        _ => {}
    }
    pointers.push(pointer);
}

/// Sends random calls, with ids and tokens of earlier responses.
struct Caller {
    rng: ChaCha8Rng,
    now: UnixSeconds,
    /// The names and values of the strings in all responses.
    seen: Vec<(String, String)>,
}

impl Caller {
    fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            now: UnixSeconds(1_795_000_000),
            seen: Vec::new(),
        }
    }

    /// Sends one call to all emulators, and asserts that the responses are equal. Returns the status.
    fn call(&mut self, emulators: &mut [&mut Emulator]) -> u16 {
        self.now = self.now.plus_seconds(i64::from(self.rng.next_u32() % 400));
        let request = self.request();
        let mut first = None;
        for emulator in emulators {
            let response = emulator.handle(&request, self.now);
            let body = String::from_utf8(response.body).unwrap();
            let answer = (response.status, body);
            assert_eq!(*first.get_or_insert(answer.clone()), answer, "{request:?}");
        }
        let (status, body) = first.unwrap();
        self.remember("", &serde_json::from_str(&body).unwrap_or(Value::Null));
        status
    }

    fn request(&mut self) -> Request {
        let email = format!("{}@acme.example", self.any_of(&["ada", "bob", "cy", "dee"]));
        let (user, member) = (self.known("user_id"), self.known("member_id"));
        let organization = self.known("organization_id");
        let (session, token) = (self.known("session_id"), self.known("token"));
        let (session_token, jwt) = (self.known("session_token"), self.known("session_jwt"));
        let client = self.known("client_id");
        let number = self.rng.next_u64();
        let float = f64::from_bits(number & !(1 << 62));
        let metadata = json!({ "number": number, "float": float, "text": "\u{1f600}\u{0}\"", "list": [null, { "a": -0.5 }] });
        let roles = json!({ "product": "b2b", "roles": [{ "role_id": "editor" }] });
        let consumer = Some(&SETTINGS.consumer);
        let b2b = Some(&SETTINGS.b2b);
        let link = json!({ "email": email });
        let member_link = json!({ "organization_id": organization, "email_address": email });
        let calls = [
            (
                "POST /v1/magic_links/email/login_or_create".to_owned(),
                consumer,
                link,
            ),
            (
                "POST /v1/magic_links/authenticate".into(),
                consumer,
                json!({ "token": token, "session_duration_minutes": 60 }),
            ),
            ("GET /_emulator/outbox.json".into(), None, Value::Null),
            (
                "POST /v1/users".into(),
                consumer,
                json!({ "email": format!("{number}@x.example"), "trusted_metadata": metadata, "external_id": format!("u{number}"), "name": { "first_name": "A" } }),
            ),
            (
                format!("PUT /v1/users/{user}"),
                consumer,
                json!({ "untrusted_metadata": metadata }),
            ),
            (format!("GET /v1/users/{user}"), consumer, Value::Null),
            (format!("DELETE /v1/users/{user}"), consumer, Value::Null),
            (
                "POST /v1/users/search".into(),
                consumer,
                json!({ "limit": 5 }),
            ),
            (
                format!("GET /v1/sessions?user_id={user}"),
                consumer,
                Value::Null,
            ),
            (
                "POST /v1/sessions/authenticate".into(),
                consumer,
                json!({ "session_token": session_token, "session_custom_claims": metadata }),
            ),
            (
                "POST /v1/sessions/authenticate".into(),
                consumer,
                json!({ "session_jwt": jwt }),
            ),
            (
                "POST /v1/sessions/revoke".into(),
                consumer,
                json!({ "session_id": session }),
            ),
            (
                "POST /v1/m2m/clients".into(),
                consumer,
                json!({ "scopes": ["read:users"], "trusted_metadata": metadata }),
            ),
            (
                format!("POST /v1/m2m/clients/{client}/secrets/rotate/start"),
                consumer,
                Value::Null,
            ),
            (
                format!("POST /v1/m2m/clients/{client}/secrets/rotate"),
                consumer,
                Value::Null,
            ),
            (
                "POST /v1/b2b/organizations".into(),
                b2b,
                json!({ "organization_name": email, "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"], "trusted_metadata": metadata }),
            ),
            (
                format!("GET /v1/b2b/organizations/{organization}"),
                b2b,
                Value::Null,
            ),
            (
                "POST /v1/b2b/magic_links/email/login_or_signup".into(),
                b2b,
                member_link,
            ),
            (
                "POST /v1/b2b/magic_links/authenticate".into(),
                b2b,
                json!({ "magic_links_token": token }),
            ),
            (
                format!("POST /v1/b2b/organizations/{organization}/members"),
                b2b,
                json!({ "email_address": format!("{number}@acme.example"), "external_id": format!("m{number}") }),
            ),
            (
                format!("GET /v1/b2b/organizations/{organization}/member?member_id={member}"),
                b2b,
                Value::Null,
            ),
            (
                "POST /v1/b2b/sessions/authenticate".into(),
                b2b,
                json!({ "session_jwt": jwt }),
            ),
            (
                format!("PUT /v1/b2b/rbac/organizations/{organization}"),
                b2b,
                json!({ "org_policy": { "roles": [{ "role_id": format!("r{number}"), "permissions": [] }] } }),
            ),
            ("POST /_emulator/policies".into(), None, roles),
            (
                "POST /_emulator/clock".into(),
                None,
                json!({ "advance_seconds": 30 }),
            ),
            (
                format!("GET /v1/sessions/jwks/{}", SETTINGS.consumer.project_id),
                None,
                Value::Null,
            ),
        ];
        let index = self.below(calls.len());
        let (call, credentials, body) = calls[index].clone();
        request(&call, credentials, body)
    }

    /// Returns the newest value of a name, an older one, or `unknown`.
    fn known(&mut self, name: &str) -> String {
        let back = self.below(3);
        let mut values = self.seen.iter().rev().filter(|(known, _)| known == name);
        values
            .nth(back)
            .map_or("unknown".into(), |(_, value)| value.clone())
    }

    fn remember(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => {
                let known = self.seen.iter().any(|(_, known)| known == text);
                if !known && !text.is_empty() {
                    self.seen.push((name.to_owned(), text.clone()));
                }
            }
            Value::Object(members) => members
                .iter()
                .for_each(|(name, inner)| self.remember(name, inner)),
            Value::Array(items) => items
                .iter()
                .rev()
                .for_each(|inner| self.remember(name, inner)),
            _ => {}
        }
    }

    fn any_of<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.below(values.len())]
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.rng.next_u32()).unwrap() % limit
    }
}
