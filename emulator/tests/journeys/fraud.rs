//! Fraud prevention: fingerprints and verdicts, rules, overrides of verdict reasons, and the risk of email addresses.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const LOOKUP: &str = "POST /v1/fingerprint/lookup";
const SET: &str = "POST /v1/rules/set";
const RULES: &str = "POST /v1/rules/list";
const OVERRIDE: &str = "POST /v1/verdict_reasons/override";
const REASONS: &str = "POST /v1/verdict_reasons/list";
const REGISTER: &str = "POST /_emulator/fingerprints";

/// Registers a device of the consumer project, and returns the response.
#[track_caller]
fn device(stand: &mut Stand, mut fields: Value) -> Answer {
    fields["product"] = json!("consumer");
    stand.open(REGISTER, fields).ok()
}

#[track_caller]
fn look_up(stand: &mut Stand, device: &Answer) -> Value {
    let body = json!({ "telemetry_id": device.body["telemetry_id"] });
    stand.consumer(LOOKUP, body).ok().body
}

/// The action of the verdict about a device, and the type of the rule that caused it.
#[track_caller]
fn verdict(stand: &mut Stand, device: &Answer) -> (String, String) {
    let verdict = look_up(stand, device)["verdict"].take();
    let text = |name: &str| verdict[name].as_str().unwrap_or_default().to_owned();
    (text("action"), text("rule_match_type"))
}

fn is(action: &str, rule: &str) -> (String, String) {
    (action.to_owned(), rule.to_owned())
}

#[test]
fn a_registered_device_is_looked_up_until_it_expires() {
    let mut stand = Stand::new();
    let fields = json!({ "ip_address": "198.51.100.9", "country": "de", "visitor_id": "visitor-1", "is_vpn": true });
    let known = device(&mut stand, fields);
    let id = known.text("/telemetry_id");
    let metadata = json!({ "external_id": "user-1", "user_action": "LOGIN" });
    let body = json!({ "telemetry_id": id, "external_metadata": metadata });
    let found = stand.consumer(LOOKUP, body).ok();
    assert_eq!(found.body["fingerprints"], known.body["fingerprints"]);
    assert_eq!(found.text("/fingerprints/visitor_id"), "visitor-1");
    let network = &found.body["properties"]["network_properties"];
    assert_eq!(network["ip_geolocation"]["country"], "DE");
    assert_eq!(network["is_vpn"], true);
    assert_eq!(found.text("/verdict/action"), "ALLOW");
    assert_eq!(found.body["verdict"]["reasons"], json!([]));
    assert_eq!(found.body["verdict"]["is_authentic_device"], true);
    assert!(found.text("/request_id").starts_with("request-id-fraud-"));

    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    assert_eq!(look_up(&mut stand, &known)["external_metadata"], metadata);
    let body = json!({ "telemetry_id": id });
    stand
        .b2b(LOOKUP, body.clone())
        .refused(404, "telemetry_id_not_found");
    stand.later(3600);
    stand
        .consumer(LOOKUP, body)
        .refused(404, "telemetry_id_not_found");
    let bad = json!({ "telemetry_id": id, "external_metadata": { "external_id": "a b" } });
    stand.consumer(LOOKUP, bad).refused(400, "invalid_argument");
}

#[test]
fn the_strictest_reason_decides_and_an_override_changes_it() {
    let mut stand = Stand::new();
    let fields = json!({ "reasons": ["VIRTUAL_MACHINE", "HEADLESS_BROWSER_AUTOMATION"] });
    let bot = device(&mut stand, fields);
    assert_eq!(verdict(&mut stand, &bot), is("BLOCK", ""));
    let change = json!({ "verdict_reason": "HEADLESS_BROWSER_AUTOMATION", "override_action": "ALLOW", "override_description": "Our own tests" });
    let changed = stand.consumer(OVERRIDE, change.clone()).ok();
    let action = &changed.body["verdict_reason_action"];
    assert_eq!(action["default_action"], "BLOCK");
    assert_eq!(action["override_action"], "ALLOW");
    assert_eq!(verdict(&mut stand, &bot), is("CHALLENGE", ""));
    let applied =
        json!([{ "verdict_reason": "HEADLESS_BROWSER_AUTOMATION", "override_action": "ALLOW" }]);
    let found = look_up(&mut stand, &bot);
    assert_eq!(found["verdict"]["verdict_reason_overrides"], applied);
    let only = json!({ "overrides_only": true });
    let listed = stand.consumer(REASONS, only.clone()).ok();
    assert_eq!(listed.body["verdict_reason_actions"], json!([action]));
    let all = stand.consumer(REASONS, json!({})).ok();
    assert!(all.body["verdict_reason_actions"].as_array().unwrap().len() > 5);
    let of_b2b = stand.b2b(REASONS, only.clone()).ok();
    assert_eq!(of_b2b.body["verdict_reason_actions"], json!([]));

    let mut back = change;
    back["override_action"] = json!("NONE");
    stand.consumer(OVERRIDE, back).ok();
    assert_eq!(verdict(&mut stand, &bot), is("BLOCK", ""));
    let listed = stand.consumer(REASONS, only).ok();
    assert_eq!(listed.body["verdict_reason_actions"], json!([]));
    let deceptive = device(&mut stand, json!({ "reasons": ["USER_AGENT_DECEPTION"] }));
    let found = look_up(&mut stand, &deceptive);
    assert_eq!(found["verdict"]["is_authentic_device"], false);
    for unknown in ["RULE_MATCH", "x"] {
        let body = json!({ "verdict_reason": unknown, "override_action": "ALLOW" });
        stand
            .consumer(OVERRIDE, body)
            .refused(400, "invalid_argument");
    }
}

#[test]
fn rules_apply_in_the_order_of_their_types() {
    let mut stand = Stand::new();
    let fields = json!({ "ip_address": "198.51.100.9", "country": "DE", "asn": "64500", "reasons": ["VIRTUAL_MACHINE"] });
    let laptop = device(&mut stand, fields);
    let other = device(&mut stand, json!({}));
    let set = |stand: &mut Stand, name: &str, identifier: &str, action: &str| {
        stand
            .consumer(SET, json!({ name: identifier, "action": action }))
            .ok()
    };
    let id = |name: &str| laptop.text(&format!("/fingerprints/{name}"));
    // Each rule has priority over the earlier ones.
    for (name, identifier, action) in [
        ("country_code", "de".to_owned(), "BLOCK"),
        ("asn", "64500".to_owned(), "ALLOW"),
        ("cidr_block", "198.51.0.0/16".to_owned(), "BLOCK"),
        ("cidr_block", "198.51.100.9".to_owned(), "ALLOW"),
        ("network_fingerprint", id("network_fingerprint"), "BLOCK"),
        ("hardware_fingerprint", id("hardware_fingerprint"), "ALLOW"),
        ("browser_fingerprint", id("browser_fingerprint"), "BLOCK"),
        ("visitor_fingerprint", id("visitor_fingerprint"), "ALLOW"),
        ("browser_id", id("browser_id"), "BLOCK"),
        ("visitor_id", id("visitor_id"), "CHALLENGE"),
    ] {
        let done = set(&mut stand, name, &identifier, action);
        assert_eq!(done.text("/action"), action);
        assert_eq!(
            verdict(&mut stand, &laptop),
            is(action, &name.to_uppercase())
        );
        assert_eq!(verdict(&mut stand, &other), is("ALLOW", ""));
    }
    let found = look_up(&mut stand, &laptop);
    assert_eq!(found["verdict"]["rule_match_identifier"], id("visitor_id"));
    let reasons = json!(["VIRTUAL_MACHINE", "RULE_MATCH"]);
    assert_eq!(found["verdict"]["reasons"], reasons);
    set(&mut stand, "visitor_id", &id("visitor_id"), "NONE");
    assert_eq!(verdict(&mut stand, &laptop), is("BLOCK", "BROWSER_ID"));
}

#[test]
fn rules_are_listed_by_page_replaced_and_expire() {
    let mut stand = Stand::new();
    for number in 0..12 {
        let rule = json!({ "visitor_id": format!("visitor-{number}"), "action": "BLOCK", "description": "Abuse" });
        stand.consumer(SET, rule).ok();
    }
    let first = stand.consumer(RULES, json!({})).ok();
    assert_eq!(first.body["rules"].as_array().unwrap().len(), 10);
    assert_eq!(first.text("/rules/0/rule_type"), "VISITOR_ID");
    assert_eq!(first.text("/rules/0/description"), "Abuse");
    let next = json!({ "cursor": first.body["next_cursor"] });
    let second = stand.consumer(RULES, next).ok();
    assert_eq!(second.text("/rules/1/visitor_id"), "visitor-11");
    assert_eq!(second.text("/next_cursor"), "");
    let created_at = first.text("/rules/0/created_at");

    stand.later(60);
    let rule = json!({ "visitor_id": "visitor-0", "action": "ALLOW", "expires_in_minutes": 10 });
    let set = stand.consumer(SET, rule).ok();
    let listed = stand.consumer(RULES, json!({ "limit": 100 })).ok();
    assert_eq!(listed.body["rules"].as_array().unwrap().len(), 12);
    let rule = &listed.body["rules"][0];
    assert_eq!(
        (&rule["action"], &rule["expires_at"]),
        (&json!("ALLOW"), &set.body["expires_at"])
    );
    assert_eq!(rule["created_at"], created_at);
    assert_ne!(rule["last_updated_at"], created_at);
    let of_b2b = stand.b2b(RULES, json!({})).ok();
    assert_eq!(of_b2b.body["rules"], json!([]));
    let visitor = device(
        &mut stand,
        json!({ "visitor_id": "visitor-0", "reasons": ["VIRTUAL_MACHINE"] }),
    );
    assert_eq!(verdict(&mut stand, &visitor), is("ALLOW", "VISITOR_ID"));
    stand.later(600);
    assert_eq!(verdict(&mut stand, &visitor), is("CHALLENGE", ""));
    let listed = stand.consumer(RULES, json!({ "limit": 100 })).ok();
    assert_eq!(listed.body["rules"].as_array().unwrap().len(), 11);
}

#[test]
fn a_rule_with_a_mistake_is_refused() {
    let mut stand = Stand::new();
    for body in [
        json!({ "action": "BLOCK" }),
        json!({ "action": "BLOCK", "visitor_id": "a", "browser_id": "b" }),
        json!({ "action": "DENY", "visitor_id": "a" }),
        json!({ "visitor_id": "a" }),
        json!({ "action": "ALLOW", "country_code": "US" }),
        json!({ "action": "BLOCK", "country_code": "USA" }),
        json!({ "action": "BLOCK", "cidr_block": "10.0.0.0/8" }),
        json!({ "action": "BLOCK", "asn": "4294967296" }),
        json!({ "action": "BLOCK", "visitor_id": "a", "expires_in_minutes": 0 }),
    ] {
        stand.consumer(SET, body).refused(400, "invalid_argument");
    }
    for body in [json!({ "limit": 101 }), json!({ "cursor": "x" })] {
        stand.consumer(RULES, body).refused(400, "invalid_argument");
    }
    for fields in [
        json!({}),
        json!({ "product": "consumer", "reasons": ["x"] }),
        json!({ "product": "consumer", "ip_address": "x" }),
        json!({ "product": "consumer", "unknown": 1 }),
        json!({ "product": "consumer", "expires_in_minutes": 0 }),
    ] {
        assert_eq!(stand.open(REGISTER, fields).status, 400);
    }
}

#[test]
fn an_email_address_is_assessed() {
    let mut stand = Stand::new();
    for (address, action, normalized) in [
        ("Ada@example.com", "ALLOW", "ada@example.com"),
        ("a.d.a+x@gmail.com", "CHALLENGE", "ada@gmail.com"),
        ("support@example.com", "CHALLENGE", "support@example.com"),
        ("ada@mailinator.com", "BLOCK", "ada@mailinator.com"),
        ("ada@example.invalid", "BLOCK", "ada@example.invalid"),
        ("nonsense", "BLOCK", "nonsense"),
    ] {
        let body = json!({ "email_address": address });
        let risk = stand.consumer("POST /v1/email/risk", body).ok();
        assert_eq!(risk.text("/action"), action, "{address}");
        assert_eq!(
            risk.text("/address_information/normalized_email"),
            normalized
        );
        let has_syntax = &risk.body["address_information"]["has_valid_syntax"];
        assert_eq!(*has_syntax, address != "nonsense");
    }
    stand
        .consumer("POST /v1/email/risk", json!({}))
        .refused(400, "invalid_email");
}

#[test]
fn wrong_credentials_have_an_error_of_their_own() {
    let mut stand = Stand::new();
    let mut request =
        crate::stand::request(LOOKUP, Some(&crate::stand::SETTINGS.consumer), json!({}));
    request.headers[0].1 = "Basic cHJvamVjdC10ZXN0LTExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NTpzZWNyZXQtdGVzdC0wMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz".into();
    stand
        .send(request)
        .refused(401, "unauthorized_credentials_error");
}
