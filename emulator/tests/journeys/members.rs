//! Members: created, joining by their email domain, and logging in.

use serde_json::{Value, json};

use crate::stand::Stand;

const ASK: &str = "POST /v1/b2b/magic_links/email/login_or_signup";
const USE: &str = "POST /v1/b2b/magic_links/authenticate";

#[test]
fn a_new_user_of_an_allowed_domain_joins_by_link() {
    let mut stand = Stand::new();
    let organization_id = stand.organization("acme");
    let body = json!({ "organization_id": "acme", "email_address": "Ada@acme.example" });
    let asked = stand.b2b(ASK, body.clone()).ok();
    assert_eq!(
        (
            &asked.body["member_created"],
            &asked.body["member"]["status"]
        ),
        (&json!(true), &json!("pending"))
    );
    let mail = stand.mail();
    assert_eq!(
        (&mail["kind"], &mail["product"]),
        (&json!("signup"), &json!("b2b"))
    );
    let token = mail["token"].as_str().unwrap();
    let query = format!("?slug=acme&stytch_token_type=multi_tenant_magic_links&token={token}");
    assert_eq!(
        mail["url"],
        format!("http://localhost:3000/authenticate{query}")
    );

    let used = stand.b2b(USE, json!({ "magic_links_token": token })).ok();
    assert_eq!(used.body["member"]["status"], "active");
    assert_eq!(used.body["member"]["email_address_verified"], true);
    assert_eq!(used.body["member_authenticated"], true);
    assert_eq!(used.body["organization_id"], organization_id.as_str());
    assert_eq!(
        used.text("/member_session/expires_at"),
        stand.now.plus_minutes(60).rfc3339()
    );
    assert_eq!(used.body["member_session"]["organization_slug"], "acme");
    assert_eq!(used.body["intermediate_session_token"], "");
    stand
        .b2b(USE, json!({ "magic_links_token": token }))
        .refused(401, "unable_to_auth_magic_link");

    assert_eq!(stand.b2b(ASK, body).ok().body["member_created"], false);
    assert_eq!(stand.mail()["kind"], "login");
}

#[test]
fn an_organization_restricts_the_domains_that_may_join() {
    let mut stand = Stand::new();
    stand.organization("acme");
    stand
        .b2b(
            "POST /v1/b2b/organizations",
            json!({ "organization_name": "closed" }),
        )
        .ok();
    let mut ask = |organization: &str, email: &str| {
        stand.b2b(
            ASK,
            json!({ "organization_id": organization, "email_address": email }),
        )
    };
    ask("acme", "eve@elsewhere.example").refused(400, "invalid_email_for_jit_provisioning");
    ask("closed", "ada@acme.example").refused(400, "email_jit_provisioning_not_allowed");
    ask("nowhere", "ada@acme.example").refused(404, "organization_not_found");
    ask("acme", "nonsense").refused(400, "invalid_email");
    assert_eq!(stand.mail(), Value::Null, "no mail was sent");
    let created = stand.b2b(
        "POST /v1/b2b/organizations/closed/members",
        json!({ "email_address": "ada@acme.example" }),
    );
    assert_eq!(created.ok().body["member"]["status"], "active");
    let body = json!({ "organization_id": "closed", "email_address": "ada@acme.example" });
    assert_eq!(
        stand.b2b(ASK, body).ok().body["member_created"],
        false,
        "an existing member may log in"
    );
}

#[test]
fn reads_a_member_by_exactly_one_of_id_and_email_address() {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    stand.organization("acme");
    let body = json!({ "email_address": "ada@acme.example", "name": "Ada", "roles": ["editor"], "external_id": "ada" });
    let created = stand
        .b2b("POST /v1/b2b/organizations/acme/members", body)
        .ok();
    let roles: Vec<&Value> = created.body["member"]["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| &role["role_id"])
        .collect();
    assert_eq!(roles, ["stytch_member", "editor"]);
    assert_eq!(
        created.body["member"]["roles"][0]["sources"][0]["type"],
        "direct_assignment"
    );
    let id = created.text("/member_id");
    let mut read = |query: &str| {
        stand.b2b(
            &format!("GET /v1/b2b/organizations/acme/member{query}"),
            Value::Null,
        )
    };
    for query in [
        format!("?member_id={id}"),
        "?member_id=ada".into(),
        "?email_address=ADA%40acme.example".into(),
    ] {
        assert_eq!(read(&query).ok().body["member"], created.body["member"]);
    }
    read("").refused(400, "invalid_member_get_fields");
    read(&format!("?member_id={id}&email_address=ada@acme.example"))
        .refused(400, "invalid_member_get_fields");
    read("?member_id=unknown").refused(404, "member_not_found");
    let again = json!({ "email_address": "Ada@acme.example" });
    stand
        .b2b("POST /v1/b2b/organizations/acme/members", again)
        .refused(400, "duplicate_member_email");
}

#[test]
fn a_required_second_factor_leaves_the_log_in_incomplete() {
    let mut stand = Stand::new();
    let strict = json!({ "organization_name": "strict", "mfa_policy": "REQUIRED_FOR_ALL" });
    let organization_id = stand
        .b2b("POST /v1/b2b/organizations", strict)
        .ok()
        .text("/organization/organization_id");
    stand
        .b2b(
            "POST /v1/b2b/organizations/strict/members",
            json!({ "email_address": "ada@acme.example" }),
        )
        .ok();
    let used = stand.log_in_member(&organization_id, "ada@acme.example");
    assert_eq!(used.body["member_authenticated"], false);
    assert_eq!(
        (&used.body["member_session"], &used.body["session_jwt"]),
        (&Value::Null, &json!(""))
    );
    assert_eq!(used.text("/intermediate_session_token").len(), 44);
    assert!(used.body["mfa_required"].is_object());
}

#[test]
fn refuses_a_log_in_method_that_is_not_allowed() {
    let mut stand = Stand::new();
    let body = json!({ "organization_name": "sso", "auth_methods": "RESTRICTED", "allowed_auth_methods": ["sso"] });
    stand.b2b("POST /v1/b2b/organizations", body).ok();
    for (name, breakglass) in [("ada", false), ("eve", true)] {
        let email = format!("{name}@acme.example");
        let member = json!({ "email_address": email, "is_breakglass": breakglass });
        stand
            .b2b("POST /v1/b2b/organizations/sso/members", member)
            .ok();
        let asked = stand.b2b(
            ASK,
            json!({ "organization_id": "sso", "email_address": email }),
        );
        if breakglass {
            asked.ok();
        } else {
            asked.refused(400, "operation_restricted_by_organization_auth_methods");
        }
    }
}

#[test]
fn a_verified_address_assigns_the_roles_of_its_domain() {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    let body = json!({
        "organization_name": "acme",
        "email_jit_provisioning": "RESTRICTED",
        "email_allowed_domains": ["acme.example"],
        "rbac_email_implicit_role_assignments": [{ "domain": "acme.example", "role_id": "reader" }],
    });
    stand.b2b("POST /v1/b2b/organizations", body).ok();
    let used = stand.log_in_member("acme", "ada@acme.example");
    assert_eq!(
        used.body["member_session"]["roles"],
        json!(["stytch_member", "reader"])
    );
    assert_eq!(
        used.body["member"]["roles"][1]["sources"][0]["details"]["email_domain"],
        "acme.example"
    );
}
