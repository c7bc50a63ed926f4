//! Webhooks: the events that calls cause, their form, and their signatures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use rsa::sha2::Sha256;
use serde_json::{Value, json};
use stytch_emulator::SetupError;

use crate::stand::{SETTINGS, Stand};

/// Returns the types and the bodies of the events after a number.
fn events(stand: &mut Stand, after: usize) -> Vec<(String, Value)> {
    let page = format!("GET /_emulator/webhooks.json?after={after}");
    let page = stand.open(&page, Value::Null).ok().body;
    let webhooks = page["webhooks"].as_array().unwrap().iter();
    let read = |webhook: &Value| {
        let text = |name: &str| webhook[name].as_str().unwrap();
        (
            text("type").to_owned(),
            serde_json::from_str(text("body")).unwrap(),
        )
    };
    webhooks.map(read).collect()
}

fn types(stand: &mut Stand, after: usize) -> Vec<String> {
    let events = events(stand, after).into_iter();
    events.map(|(name, _)| name).collect()
}

#[test]
fn a_user_has_events_for_creation_update_and_deletion() {
    let mut stand = Stand::new();
    let user = json!({ "email": "ada@example.com", "trusted_metadata": { "plan": "pro" } });
    let created = stand.consumer("POST /v1/users", user).ok();
    let id = created.text("/user_id");
    let path = format!("/v1/users/{id}");
    let name = json!({ "name": { "first_name": "Ada" } });
    let updated = stand.consumer(&format!("PUT {path}"), name.clone()).ok();
    stand.consumer(&format!("PUT {path}"), name).ok();
    stand.consumer(&format!("GET {path}"), Value::Null).ok();
    stand.consumer(&format!("DELETE {path}"), Value::Null).ok();

    let events = events(&mut stand, 0);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = [
        "direct.user.create",
        "direct.user.update",
        "direct.user.delete",
    ];
    assert_eq!(names, wanted);
    let mut bodies = events.into_iter().map(|(_, mut body)| {
        let event_id = body
            .as_object_mut()
            .unwrap()
            .shift_remove("event_id")
            .unwrap();
        assert!(
            event_id
                .as_str()
                .unwrap()
                .starts_with("webhook-event-test-")
        );
        body
    });
    let event = |action| {
        json!({
            "project_id": SETTINGS.consumer.project_id,
            "action": action,
            "object_type": "user",
            "source": "DIRECT",
            "id": id,
            "timestamp": "2026-11-18T11:06:40Z",
            "vertical": "CONSUMER",
        })
    };
    for (action, answer) in [("CREATE", created), ("UPDATE", updated)] {
        let mut event = event(action);
        event["user"] = answer.body["user"].clone();
        assert_eq!(bodies.next(), Some(event));
    }
    assert_eq!(bodies.next(), Some(event("DELETE")));
}

#[test]
fn organizations_and_members_have_events() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    stand.log_in_member(&id, "bob@acme.example");
    let wanted = [
        "direct.organization.create",
        "direct.member.create",
        "direct.member.update",
    ];
    assert_eq!(types(&mut stand, 0), wanted);
    let policy = json!({ "org_policy": { "roles": [{ "role_id": "editor" }] } });
    let path = format!("PUT /v1/b2b/rbac/organizations/{id}");
    stand.b2b(&path, policy.clone()).ok();
    let (name, body) = events(&mut stand, 3).pop().unwrap();
    assert_eq!(name, "direct.organization.update");
    assert_eq!(body["organization"]["custom_roles"][0]["role_id"], "editor");
    assert_eq!(
        (&body["vertical"], &body["id"]),
        (&json!("B2B"), &json!(id))
    );

    // Only `updated_at` changes.
    stand.later(60);
    stand.b2b(&path, policy).ok();
    stand.log_in_member(&id, "bob@acme.example");
    assert!(types(&mut stand, 4).is_empty());
}

#[test]
fn a_log_in_has_events_only_for_changes_of_the_user() {
    let mut stand = Stand::new();
    stand.log_in("ada@example.com");
    assert_eq!(
        types(&mut stand, 0),
        ["direct.user.create", "direct.user.update"]
    );
    let verified = &events(&mut stand, 1)[0].1["user"]["emails"][0]["verified"];
    assert_eq!(verified, true);
    stand.log_in("ada@example.com");
    assert!(types(&mut stand, 2).is_empty());
}

#[test]
fn a_refused_call_has_no_event() {
    let mut stand = Stand::new();
    let user = json!({ "email": "ada@example.com" });
    let id = stand
        .consumer("POST /v1/users", user.clone())
        .ok()
        .text("/user_id");
    stand
        .consumer("POST /v1/users", user)
        .refused(400, "duplicate_email");
    let path = format!("/v1/users/{id}");
    let wrong = json!({ "name": { "first_name": "Ada" }, "trusted_metadata": 1 });
    assert_eq!(stand.consumer(&format!("PUT {path}"), wrong).status, 400);
    let fault = json!({ "path_prefix": "/v1/users", "kind": "close", "times": 1 });
    stand.open("POST /_emulator/faults", fault).ok();
    stand.consumer(&format!("DELETE {path}"), Value::Null);
    assert_eq!(types(&mut stand, 0), ["direct.user.create"]);
}

#[test]
fn each_reading_signs_anew_at_the_real_time() {
    let mut stand = Stand::new();
    stand
        .consumer("POST /v1/users", json!({ "email": "ada@example.com" }))
        .ok();
    // The offset of the emulator's clock does not change the time of the signature.
    stand
        .open(
            "POST /_emulator/clock",
            json!({ "advance_seconds": 86_400 }),
        )
        .ok();
    let mut ids = Vec::new();
    for _ in 0..2 {
        stand.later(400);
        let page = stand
            .open("GET /_emulator/webhooks.json", Value::Null)
            .ok()
            .body;
        let webhook = &page["webhooks"][0];
        let header = |name: &str| webhook["headers"][name].as_str().unwrap().to_owned();
        let (id, timestamp) = (header("svix-id"), header("svix-timestamp"));
        assert_eq!(timestamp, stand.now.0.to_string());
        assert_eq!(webhook["id"], id);
        let body = webhook["body"].as_str().unwrap();
        let signature = hmac(&page["secret"], &format!("{id}.{timestamp}.{body}"));
        assert_eq!(header("svix-signature"), format!("v1,{signature}"));
        let message = &stand.emulator.webhooks_after(0, stand.now)[0];
        assert_eq!(message.headers[2].1, header("svix-signature"));
        assert_eq!((message.number, message.body.as_str()), (1, body));
        ids.push(id);
    }
    assert_eq!(ids[0], ids[1]);
    assert!(ids[0].starts_with("msg_") && ids[0].len() == 31);
}

#[test]
fn a_given_secret_replaces_the_drawn_one() {
    let mut stand = Stand::new();
    let secret = |stand: &mut Stand| {
        let page = stand.open("GET /_emulator/webhooks.json", Value::Null);
        page.text("/secret")
    };
    let drawn = secret(&mut stand);
    assert!(drawn.starts_with("whsec_"));
    for wrong in ["", "whsec_AQAB", "secret"] {
        let refused = stand.emulator.set_webhook_secret(wrong);
        assert_eq!(refused, Err(SetupError::WebhookSecret));
    }
    assert_eq!(secret(&mut stand), drawn);
    let given = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    stand.emulator.set_webhook_secret(given).unwrap();
    assert_eq!(secret(&mut stand), given);
}

#[test]
fn keeps_the_last_1000_events_and_continues_their_numbers() {
    let mut stand = Stand::new();
    for number in 1..=1003 {
        let user = json!({ "email": format!("{number}@example.com") });
        stand.consumer("POST /v1/users", user).ok();
    }
    let messages = stand.emulator.webhooks_after(0, stand.now);
    assert_eq!((messages.len(), messages[0].number), (1000, 4));
    assert_eq!(stand.emulator.webhooks_after(1002, stand.now).len(), 1);
    stand
        .open("DELETE /_emulator/webhooks.json", Value::Null)
        .ok();
    assert!(stand.emulator.webhooks_after(0, stand.now).is_empty());
    stand
        .consumer("POST /v1/users", json!({ "email": "ada@example.com" }))
        .ok();
    assert_eq!(stand.emulator.webhooks_after(0, stand.now)[0].number, 1004);
    assert_eq!(stand.emulator.last_webhook(), 1004);
    let wrong = stand.open("GET /_emulator/webhooks.json?after=x", Value::Null);
    assert_eq!(wrong.status, 400);
}

fn hmac(secret: &Value, content: &str) -> String {
    let key = secret.as_str().unwrap().strip_prefix("whsec_").unwrap();
    let key = STANDARD.decode(key).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(content.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
