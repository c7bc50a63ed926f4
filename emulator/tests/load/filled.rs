//! An emulator with a given number of records of each kind. One record of each kind is made by calls; a snapshot then
//! receives copies of it with other ids, because ten thousand log-ins would take minutes.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stytch_emulator::{Credentials, Emulator, Request, Settings, UnixSeconds};

pub struct Filled {
    pub emulator: Emulator,
    pub records: usize,
}

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::from_seed([8; 32]));
static FRESH: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(SETTINGS.clone(), [7; 32]).unwrap());

impl Filled {
    pub fn with(records: usize) -> Self {
        let mut filled = Self {
            emulator: FRESH.clone(),
            records: 1,
        };
        filled.add_one_of_each();
        let mut snapshot: Value = serde_json::from_str(&filled.emulator.snapshot()).unwrap();
        for (list, keys) in LISTS {
            let list = snapshot.pointer_mut(list).unwrap().as_array_mut().unwrap();
            let first = list[0].clone();
            *list = (0..records)
                .map(|number| copy(&first, keys, number))
                .collect();
        }
        filled.emulator.restore(&snapshot.to_string()).unwrap();
        filled.records = records;
        filled
    }

    /// Sends a call and returns the body. The call must succeed.
    pub fn call(&mut self, call: &str, body: Value) -> Value {
        let request = request(call, body);
        let response = self.emulator.handle(&request, NOW);
        let body = String::from_utf8(response.body).unwrap();
        assert!(response.status < 300, "{call}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    fn add_one_of_each(&mut self) {
        let user = json!({ "email": "user@x.example", "phone_number": "+15005550006", "external_id": "user" });
        self.call("POST /v1/users", user);
        let link = json!({ "email": "user@x.example" });
        for _ in 0..2 {
            self.call("POST /v1/magic_links/email/login_or_create", link.clone());
        }
        let token = self.newest_token();
        let log_in = json!({ "token": token, "session_duration_minutes": 60 });
        self.call("POST /v1/magic_links/authenticate", log_in);

        let organization = json!({ "organization_name": "x", "organization_slug": "slug", "organization_external_id": "external" });
        let organization = self.call("POST /v1/b2b/organizations", organization);
        let id = organization["organization"]["organization_id"]
            .as_str()
            .unwrap();
        let member = json!({ "email_address": "member@x.example", "external_id": "member" });
        self.call(&format!("POST /v1/b2b/organizations/{id}/members"), member);
        let link = json!({ "organization_id": id, "email_address": "member@x.example" });
        for _ in 0..2 {
            self.call(
                "POST /v1/b2b/magic_links/email/login_or_signup",
                link.clone(),
            );
        }
        let token = self.newest_token();
        let log_in = json!({ "magic_links_token": token });
        self.call("POST /v1/b2b/magic_links/authenticate", log_in);
        self.call("POST /v1/m2m/clients", json!({ "client_id": "client" }));
    }

    pub fn newest_token(&mut self) -> String {
        let outbox = self.call("GET /_emulator/outbox.json", Value::Null);
        outbox["messages"][0]["token"].as_str().unwrap().to_owned()
    }
}

/// The lists of a snapshot, and the members that differ between the records of a list.
const LISTS: [(&str, &[&str]); 8] = [
    (
        "/state/projects/consumer/users",
        &[
            "/user_id",
            "/external_id",
            "/emails/0/email",
            "/phone_numbers/0/phone_number",
        ],
    ),
    (
        "/state/projects/consumer/project/sessions",
        &["/id", "/token", "/subject"],
    ),
    (
        "/state/projects/consumer/project/links",
        &["/token", "/subject", "/email_address"],
    ),
    (
        "/state/projects/consumer/project/m2m_clients",
        &["/m2m_client/client_id"],
    ),
    // All members belong to the first organization.
    (
        "/state/projects/b2b/organizations",
        &[
            "/organization_id",
            "/organization_slug",
            "/organization_external_id",
        ],
    ),
    (
        "/state/projects/b2b/members",
        &[
            "/member/member_id",
            "/member/external_id",
            "/member/email_address",
        ],
    ),
    (
        "/state/projects/b2b/project/sessions",
        &["/id", "/token", "/subject"],
    ),
    (
        "/state/projects/b2b/project/links",
        &["/token", "/subject", "/email_address"],
    ),
];

/// Returns a record with the number at the end of each of these members. The first record stays unchanged.
fn copy(record: &Value, keys: &[&str], number: usize) -> Value {
    let mut copy = record.clone();
    for key in keys.iter().filter(|_| number > 0) {
        let value = copy.pointer_mut(key).unwrap();
        *value = json!(numbered(value.as_str().unwrap(), number));
    }
    copy
}

/// Replaces the last five characters, or those before the `@`, so that ids and tokens keep their length.
pub fn numbered(text: &str, number: usize) -> String {
    if number == 0 {
        return text.to_owned();
    }
    match text.split_once('@') {
        Some((name, domain)) => format!("{name}{number:05}@{domain}"),
        None if text.len() < 10 => format!("{text}{number:05}"),
        None => format!("{}{number:05}", &text[..text.len() - 5]),
    }
}

pub fn request(call: &str, body: Value) -> Request {
    let (method, target) = call.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let project = if path.starts_with("/v1/b2b") {
        &SETTINGS.b2b
    } else {
        &SETTINGS.consumer
    };
    let Credentials {
        project_id, secret, ..
    } = project;
    let basic = format!(
        "Basic {}",
        STANDARD.encode(format!("{project_id}:{secret}"))
    );
    Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: vec![("authorization".into(), basic)],
        body: if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into()
        },
    }
}

const NOW: UnixSeconds = UnixSeconds(1_795_000_000);
