//! Members: invited, updated, deleted and reactivated; their email addresses and factors.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const INVITE: &str = "POST /v1/b2b/magic_links/email/invite";
const USE: &str = "POST /v1/b2b/magic_links/authenticate";
const MEMBER: &str = "/v1/b2b/organizations/acme/members";

#[test]
fn an_invite_creates_a_member_who_becomes_active_by_its_link() {
    let mut stand = open_organization();
    let body = json!({ "organization_id": "acme", "email_address": "ada@acme.example", "name": "Ada", "roles": ["editor"] });
    let invited = stand.b2b(INVITE, body.clone()).ok();
    assert_eq!(invited.body["member"]["status"], "invited");
    assert_eq!(invited.body["member"]["name"], "Ada");
    assert_eq!(stand.mail()["kind"], "invite");
    let token = stand.mail()["token"].clone();
    stand.later(10_079 * 60);
    let used = stand.b2b(USE, json!({ "magic_links_token": token })).ok();
    assert_eq!(used.body["member"]["status"], "active");
    assert_eq!(
        used.body["member_session"]["roles"],
        json!(["stytch_member", "editor"])
    );
    stand
        .b2b(INVITE, body)
        .refused(400, "duplicate_member_email");
}

#[test]
fn invites_follow_the_settings_and_end_with_the_member() {
    let mut stand = open_organization();
    let update = "PUT /v1/b2b/organizations/acme";
    let restricted = json!({ "email_invites": "RESTRICTED" });
    stand.b2b(update, restricted).ok();
    let invite = |email: &str| json!({ "organization_id": "acme", "email_address": email });
    let eve = invite("eve@elsewhere.example");
    stand
        .b2b(INVITE, eve)
        .refused(400, "invalid_email_for_invites");
    let invited = stand.b2b(INVITE, invite("ada@acme.example")).ok();
    let token = stand.mail()["token"].clone();
    stand
        .b2b(
            &format!("DELETE {MEMBER}/{}", invited.text("/member_id")),
            Value::Null,
        )
        .ok();
    let used = stand.b2b(USE, json!({ "magic_links_token": token }));
    used.refused(404, "magic_link_not_found");
    stand
        .b2b(update, json!({ "email_invites": "NOT_ALLOWED" }))
        .ok();
    let refused = stand.b2b(INVITE, invite("ada@acme.example"));
    refused.refused(400, "invalid_email_for_invites");
}

#[test]
fn an_update_changes_only_the_given_fields() {
    let mut stand = open_organization();
    let ada = create(
        &mut stand,
        json!({ "email_address": "ada@acme.example", "name": "Ada", "roles": ["editor"] }),
    );
    let update = format!("PUT {MEMBER}/{ada}");
    let body = json!({ "mfa_phone_number": "+15005550006", "default_mfa_method": "sms_otp", "trusted_metadata": { "a": 1 } });
    let updated = stand.b2b(&update, body).ok();
    let member = &updated.body["member"];
    assert_eq!(
        (&member["name"], &member["mfa_phone_number"]),
        (&json!("Ada"), &json!("+15005550006"))
    );
    let again = stand.b2b(&update, json!({ "mfa_phone_number": "+15005550007" }));
    again.refused(400, "duplicate_member_phone_number_for_member");
    let roles = stand
        .b2b(&update, json!({ "roles": ["reader", "stytch_admin"] }))
        .ok();
    assert_eq!(
        role_ids(&roles),
        ["stytch_member", "reader", "stytch_admin"]
    );
    assert_eq!(roles.body["member"]["is_admin"], true);
    assert_eq!(roles.body["member"]["trusted_metadata"], json!({ "a": 1 }));
    let none = stand.b2b(&update, json!({ "roles": [] })).ok();
    assert_eq!(role_ids(&none), ["stytch_member"]);
    for (body, error) in [
        (json!({ "roles": ["unknown"] }), "invalid_rbac_role_id"),
        (
            json!({ "default_mfa_method": "totp" }),
            "default_mfa_member_missing_factor",
        ),
        (
            json!({ "default_mfa_method": "fax" }),
            "invalid_mfa_default_method",
        ),
    ] {
        stand.b2b(&update, body).refused(400, error);
    }
    let delete = format!("DELETE {MEMBER}/mfa_phone_numbers/{ada}");
    let deleted = stand.b2b(&delete, Value::Null).ok();
    assert_eq!(deleted.body["member"]["mfa_phone_number"], "");
    assert_eq!(deleted.body["member"]["default_mfa_method"], "");
    stand
        .b2b(&delete, Value::Null)
        .refused(404, "member_phone_number_not_found");
    stand
        .b2b(&format!("DELETE {MEMBER}/{ada}/totp"), Value::Null)
        .refused(404, "totp_not_found");
    stand
        .b2b(&format!("DELETE {MEMBER}/passwords/x"), Value::Null)
        .refused(404, "member_password_not_found");
}

#[test]
fn a_new_email_address_retires_the_earlier_one() {
    let mut stand = open_organization();
    let ada = create(&mut stand, json!({ "email_address": "ada@acme.example" }));
    let update = format!("PUT {MEMBER}/{ada}");
    let changed = stand
        .b2b(&update, json!({ "email_address": "ada2@acme.example" }))
        .ok();
    let member = &changed.body["member"];
    assert_eq!(
        (&member["email_address"], &member["email_address_verified"]),
        (&json!("ada2@acme.example"), &json!(false))
    );
    assert_eq!(
        member["retired_email_addresses"][0]["email_address"],
        "ada@acme.example"
    );
    let other = json!({ "email_address": "ada@acme.example" });
    stand
        .b2b(&format!("POST {MEMBER}"), other.clone())
        .refused(400, "retired_member_email");

    let unlink = format!("POST {MEMBER}/{ada}/unlink_retired_email");
    stand
        .b2b(&unlink, json!({}))
        .refused(400, "retired_email_missing_email_identifiers");
    stand
        .b2b(&unlink, json!({ "email_address": "x@acme.example" }))
        .refused(404, "email_not_found");
    let unlinked = stand.b2b(&unlink, other.clone()).ok();
    assert_eq!(
        unlinked.body["member"]["retired_email_addresses"],
        json!([])
    );
    stand.b2b(&format!("POST {MEMBER}"), other).ok();
    let taken = stand.b2b(&update, json!({ "email_address": "ada@acme.example" }));
    taken.refused(400, "duplicate_member_email");
}

#[test]
fn a_member_changes_the_email_address_by_a_link_to_the_new_address() {
    let mut stand = open_organization();
    let session = stand.log_in_member("acme", "ada@acme.example");
    let start = format!(
        "POST {MEMBER}/{}/start_email_update",
        session.text("/member_id")
    );
    let body = json!({ "email_address": "new@acme.example" });
    let started = stand.b2b(&start, body.clone()).ok();
    assert_eq!(started.body["member"]["email_address"], "ada@acme.example");
    assert_eq!(stand.mail()["to"], "new@acme.example");
    let token = stand.mail()["token"].clone();
    let other = json!({ "email_address": "new@acme.example" });
    stand
        .b2b(&format!("POST {MEMBER}"), other.clone())
        .refused(400, "desired_email_updating_for_different_member");
    stand.later(300);
    let late = stand.b2b(USE, json!({ "magic_links_token": token }));
    late.refused(401, "unable_to_auth_magic_link");

    stand.b2b(&start, body).ok();
    let token = stand.mail()["token"].clone();
    let used = stand.b2b(USE, json!({ "magic_links_token": token })).ok();
    assert_eq!(used.body["member"]["email_address"], "new@acme.example");
    assert_eq!(used.body["member"]["email_address_verified"], true);
    assert_eq!(
        used.body["member"]["retired_email_addresses"][0]["email_address"],
        "ada@acme.example"
    );
    let bob = create(&mut stand, json!({ "email_address": "bob@acme.example" }));
    let start = format!("POST {MEMBER}/{bob}/start_email_update");
    let body = json!({ "email_address": "b2@acme.example", "delivery_method": "EMAIL_OTP" });
    stand
        .b2b(&start, body)
        .refused(400, "member_has_no_active_verified_email");
}

#[test]
fn a_deleted_member_is_hidden_until_it_is_reactivated() {
    let mut stand = open_organization();
    let session = stand.log_in_member("acme", "ada@acme.example");
    let id = session.text("/member_id");
    let member = format!("{MEMBER}/{id}");
    let reactivate = format!("PUT {member}/reactivate");
    stand
        .b2b(&reactivate, Value::Null)
        .refused(400, "no_deleted_member_found_for_reactivation");
    let deleted = stand.b2b(&format!("DELETE {member}"), Value::Null).ok();
    assert_eq!(deleted.body["member_id"], id.as_str());
    let token = json!({ "session_token": session.text("/session_token") });
    stand
        .b2b("POST /v1/b2b/sessions/authenticate", token)
        .refused(404, "session_not_found");
    let read = format!("GET /v1/b2b/organizations/acme/member?member_id={id}");
    stand
        .b2b(&read, Value::Null)
        .refused(404, "member_not_found");
    let anywhere = format!("GET /v1/b2b/organizations/members/dangerously_get/{id}");
    stand
        .b2b(&anywhere, Value::Null)
        .refused(404, "member_not_found");
    let found = stand
        .b2b(&format!("{anywhere}?include_deleted=true"), Value::Null)
        .ok();
    assert_eq!(found.body["member"]["status"], "deleted");

    let other = create(&mut stand, json!({ "email_address": "ada@acme.example" }));
    stand
        .b2b(&reactivate, Value::Null)
        .refused(400, "reactivation_email_belongs_to_another_member");
    stand
        .b2b(&format!("DELETE {MEMBER}/{other}"), Value::Null)
        .ok();
    let back = format!("PUT {MEMBER}/{other}/reactivate");
    stand
        .b2b(&back, Value::Null)
        .refused(400, "email_unverified_for_reactivation");
    let active = stand.b2b(&reactivate, Value::Null).ok();
    assert_eq!(active.body["member"]["status"], "active");
    stand.b2b(&read, Value::Null).ok();
}

#[test]
fn an_external_id_is_deleted_and_can_be_used_again() {
    let mut stand = open_organization();
    create(
        &mut stand,
        json!({ "email_address": "ada@acme.example", "external_id": "one" }),
    );
    let deleted = stand
        .b2b(&format!("DELETE {MEMBER}/one/external_id"), Value::Null)
        .ok();
    assert_eq!(deleted.body["member"]["external_id"], Value::Null);
    create(
        &mut stand,
        json!({ "email_address": "bob@acme.example", "external_id": "one" }),
    );
}

#[test]
fn searches_members_and_hides_deleted_ones() {
    let mut stand = open_organization();
    for (name, roles) in [
        ("ada", json!(["editor"])),
        ("bob", json!([])),
        ("eve", json!([])),
    ] {
        let email = format!("{name}@acme.example");
        create(
            &mut stand,
            json!({ "email_address": email, "roles": roles, "external_id": name }),
        );
    }
    stand.b2b(&format!("DELETE {MEMBER}/eve"), Value::Null).ok();
    let mut search = |operands: Value| {
        let query = json!({ "operator": "AND", "operands": operands });
        let body = json!({ "organization_ids": ["acme"], "query": query });
        stand.b2b("POST /v1/b2b/organizations/members/search", body)
    };
    let filter = |name: &str, value: Value| json!([{ "filter_name": name, "filter_value": value }]);
    for (operands, found) in [
        (json!([]), &["ada", "bob"][..]),
        (filter("member_ids", json!(["bob"])), &["bob"]),
        (
            filter("member_emails", json!(["ADA@acme.example"])),
            &["ada"],
        ),
        (filter("member_email_fuzzy", json!("bob@")), &["bob"]),
        (filter("member_roles", json!(["editor"])), &["ada"]),
        (filter("member_is_breakglass", json!(true)), &[]),
        (filter("statuses", json!(["deleted"])), &["eve"]),
        (
            filter("member_password_exists", json!(false)),
            &["ada", "bob"],
        ),
    ] {
        let answer = search(operands.clone()).ok();
        let members = answer.body["members"].as_array().unwrap();
        let names = members
            .iter()
            .map(|member| member["external_id"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), found, "{operands}");
        assert_eq!(answer.body["results_metadata"]["total"], found.len());
        assert_eq!(
            answer.body["organizations"].as_object().unwrap().len(),
            usize::from(!found.is_empty())
        );
    }
    for (operands, error) in [
        (
            filter("unknown", json!("x")),
            "member_search_filter_name_not_recognized",
        ),
        (
            filter("member_email_fuzzy", json!("bo")),
            "member_search_member_email_fuzzy_too_short",
        ),
        (
            filter("member_ids", json!(["bob", "member-test-1"])),
            "member_search_cannot_mix_internal_and_external_member_ids",
        ),
        (
            filter("statuses", json!(["gone"])),
            "search_invalid_status_filter",
        ),
    ] {
        search(operands).refused(400, error);
    }
    let none = json!({ "organization_ids": [] });
    let refused = stand.b2b("POST /v1/b2b/organizations/members/search", none);
    refused.refused(400, "member_search_organization_ids_empty");
}

/// A stand with the organization `acme`, which allows all invites.
fn open_organization() -> Stand {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    stand.organization("acme");
    let body = json!({ "email_invites": "ALL_ALLOWED" });
    stand.b2b("PUT /v1/b2b/organizations/acme", body).ok();
    stand
}

fn create(stand: &mut Stand, body: Value) -> String {
    stand
        .b2b(&format!("POST {MEMBER}"), body)
        .ok()
        .text("/member_id")
}

fn role_ids(answer: &Answer) -> Vec<&str> {
    let roles = answer.body["member"]["roles"].as_array().unwrap();
    roles
        .iter()
        .map(|role| role["role_id"].as_str().unwrap())
        .collect()
}
