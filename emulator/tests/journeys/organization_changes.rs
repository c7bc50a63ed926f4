//! Organizations: updated, searched and deleted.

use serde_json::{Value, json};

use crate::stand::Stand;

const ORGANIZATION: &str = "/v1/b2b/organizations/acme";

#[test]
fn an_update_changes_only_the_given_fields() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    stand.organization("other");
    let update = format!("PUT {ORGANIZATION}");
    stand.later(60);
    let body = json!({ "organization_name": "Acme Inc.", "mfa_policy": "REQUIRED_FOR_ALL", "trusted_metadata": { "a": 1 } });
    let updated = stand.b2b(&update, body).ok();
    let organization = &updated.body["organization"];
    assert_eq!(organization["organization_name"], "Acme Inc.");
    assert_eq!(organization["mfa_policy"], "REQUIRED_FOR_ALL");
    assert_eq!(
        organization["email_allowed_domains"],
        json!(["acme.example"])
    );
    assert_eq!(organization["updated_at"], stand.now.rfc3339());
    for (body, error) in [
        (
            json!({ "organization_slug": "other" }),
            "organization_slug_already_used",
        ),
        (
            json!({ "organization_slug": "-" }),
            "invalid_organization_slug",
        ),
        (
            json!({ "email_allowed_domains": ["gmail.com"] }),
            "organization_settings_domain_too_common",
        ),
        (
            json!({ "email_allowed_domains": [] }),
            "invalid_organization_auth_factor_setting",
        ),
        (
            json!({ "auth_methods": "RESTRICTED" }),
            "allowed_auth_methods_required_for_restricted",
        ),
        (
            json!({ "organization_name": "x".repeat(129) }),
            "invalid_organization_name",
        ),
    ] {
        stand.b2b(&update, body).refused(400, error);
    }
    let slug = json!({ "organization_slug": "acme-2", "organization_external_id": "a-1" });
    stand.b2b(&update, slug).ok();
    stand
        .b2b(&update, json!({}))
        .refused(404, "organization_not_found");
    let by_id = stand.b2b("GET /v1/b2b/organizations/a-1", Value::Null).ok();
    assert_eq!(by_id.body["organization"]["organization_id"], id.as_str());
    let delete = "DELETE /v1/b2b/organizations/a-1/external_id";
    let deleted = stand.b2b(delete, Value::Null).ok();
    assert_eq!(
        deleted.body["organization"]["organization_external_id"],
        Value::Null
    );
    stand
        .b2b(delete, Value::Null)
        .refused(404, "organization_not_found");
}

#[test]
fn a_deleted_organization_takes_its_members_and_sessions_with_it() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let session = stand.log_in_member("acme", "ada@acme.example");
    let metrics = format!("GET {ORGANIZATION}/metrics");
    assert_eq!(
        stand.b2b(&metrics, Value::Null).ok().body["member_count"],
        1
    );
    let deleted = stand
        .b2b(&format!("DELETE {ORGANIZATION}"), Value::Null)
        .ok();
    assert_eq!(deleted.body["organization_id"], id.as_str());
    stand
        .b2b(&format!("GET {ORGANIZATION}"), Value::Null)
        .refused(404, "organization_not_found");
    let token = json!({ "session_token": session.text("/session_token") });
    stand
        .b2b("POST /v1/b2b/sessions/authenticate", token)
        .refused(404, "session_not_found");
    let member = format!(
        "GET /v1/b2b/organizations/members/dangerously_get/{}?include_deleted=true",
        session.text("/member_id")
    );
    stand
        .b2b(&member, Value::Null)
        .refused(404, "member_not_found");
    stand.organization("acme");
}

#[test]
fn searches_organizations_by_each_filter() {
    let mut stand = Stand::new();
    for name in ["acme", "globex"] {
        stand.organization(name);
        stand.log_in_member(name, &format!("ada@{name}.example"));
    }
    let body = json!({ "claimed_email_domains": ["acme.example"] });
    stand.b2b(&format!("PUT {ORGANIZATION}"), body).ok();
    let mut search = |name: &str, value: Value| {
        let operand = json!({ "filter_name": name, "filter_value": value });
        let query = json!({ "operator": "AND", "operands": [operand] });
        stand.b2b(
            "POST /v1/b2b/organizations/search",
            json!({ "query": query }),
        )
    };
    for (name, value, found) in [
        ("organization_slugs", json!(["globex"]), &["globex"][..]),
        ("organization_slug_fuzzy", json!("lobe"), &["globex"]),
        ("organization_name_fuzzy", json!("ACM"), &["acme"]),
        ("member_emails", json!(["ada@acme.example"]), &["acme"]),
        ("member_email_fuzzy", json!("ada@"), &["acme", "globex"]),
        ("allowed_domains", json!(["globex.example"]), &["globex"]),
        (
            "allowed_domain_fuzzy",
            json!("example"),
            &["acme", "globex"],
        ),
        ("claimed_email_domains", json!(["acme.example"]), &["acme"]),
        ("has_active_sso_connection", json!(true), &[]),
        ("sso_connection_id", json!("saml-connection-test-1"), &[]),
        ("organization_ids", json!(["organization-test-1"]), &[]),
    ] {
        let answer = search(name, value).ok();
        let organizations = answer.body["organizations"].as_array().unwrap();
        let slugs = organizations
            .iter()
            .map(|one| one["organization_slug"].as_str().unwrap());
        assert_eq!(slugs.collect::<Vec<_>>(), found, "{name}");
    }
    search("organization_slug", json!("acme"))
        .refused(400, "organization_search_filter_name_not_recognized");
    search("organization_slug_fuzzy", json!("ac"))
        .refused(400, "organization_search_organization_slug_fuzzy_too_short");
    search("organization_slugs", json!("acme"))
        .refused(400, "organization_search_expected_array_of_strings");
}
