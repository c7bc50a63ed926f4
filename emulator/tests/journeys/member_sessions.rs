//! The sessions of a member: authenticated, listed, revoked, and used to authorize calls.

use serde_json::{Value, json};
use stytch_emulator::Request;

use crate::stand::{Answer, SETTINGS, Stand, request};

const CHECK: &str = "POST /v1/b2b/sessions/authenticate";
const REVOKE: &str = "POST /v1/b2b/sessions/revoke";

/// Sends a call with a member session in a header.
fn acting(stand: &mut Stand, call: &str, header: (&str, &str), body: Value) -> Answer {
    let mut headers = request(call, Some(&SETTINGS.b2b), Value::Null).headers;
    headers.push((header.0.into(), header.1.into()));
    stand.send(Request {
        headers,
        ..request(call, None, body)
    })
}

#[test]
fn authenticates_lists_and_revokes_the_sessions_of_a_member() {
    let mut stand = Stand::new();
    let organization_id = stand.organization("acme");
    let first = stand.log_in_member(&organization_id, "ada@acme.example");
    let second = stand.log_in_member(&organization_id, "ada@acme.example");
    let checked = stand
        .b2b(CHECK, json!({ "session_jwt": first.text("/session_jwt") }))
        .ok();
    assert_eq!(checked.body["member"]["member_id"], first.body["member_id"]);
    assert_eq!(
        checked.body["organization"]["organization_id"],
        organization_id.as_str()
    );
    let list = format!(
        "GET /v1/b2b/sessions?organization_id=acme&member_id={}",
        first.text("/member_id")
    );
    assert_eq!(
        stand.b2b(&list, Value::Null).ok().body["member_sessions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    stand
        .b2b(
            REVOKE,
            json!({ "member_session_id": first.text("/member_session/member_session_id") }),
        )
        .ok();
    stand
        .b2b(
            CHECK,
            json!({ "session_token": first.text("/session_token") }),
        )
        .refused(404, "session_not_found");
    stand
        .b2b(
            CHECK,
            json!({ "session_token": second.text("/session_token") }),
        )
        .ok();
    stand
        .b2b(REVOKE, json!({ "member_id": first.text("/member_id") }))
        .ok();
    stand
        .b2b(
            CHECK,
            json!({ "session_token": second.text("/session_token") }),
        )
        .refused(404, "session_not_found");
    stand
        .b2b(REVOKE, json!({ "member_id": "unknown" }))
        .refused(404, "member_not_found");
}

#[test]
fn a_member_session_authorizes_calls_only_in_its_own_organization() {
    let mut stand = Stand::new();
    let (acme, other) = (stand.organization("acme"), stand.organization("other"));
    let admin = json!({ "email_address": "ada@acme.example", "roles": ["stytch_admin"] });
    stand
        .b2b("POST /v1/b2b/organizations/acme/members", admin)
        .ok();
    let ours = stand.log_in_member(&acme, "ada@acme.example");
    assert_eq!(ours.body["member"]["is_admin"], true);
    let theirs = stand.log_in_member(&other, "eve@other.example");
    let (token, jwt) = ("X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT");
    let create = "POST /v1/b2b/organizations/acme/members";
    let body = |name: &str| json!({ "email_address": format!("{name}@acme.example") });
    acting(
        &mut stand,
        create,
        (token, &ours.text("/session_token")),
        body("one"),
    )
    .ok();
    acting(
        &mut stand,
        create,
        (jwt, &ours.text("/session_jwt")),
        body("two"),
    )
    .ok();
    let crossed = acting(
        &mut stand,
        create,
        (jwt, &theirs.text("/session_jwt")),
        body("three"),
    );
    crossed.refused(403, "session_authorization_tenancy_error");
    let plain = stand.log_in_member(&acme, "bob@acme.example");
    assert_eq!(plain.body["member"]["is_admin"], false);
    let header = (token, &*plain.text("/session_token"));
    let forbidden = acting(&mut stand, create, header, body("three"));
    forbidden.refused(403, "session_authorization_error");
    let others = json!({ "member_id": ours.text("/member_id") });
    acting(&mut stand, REVOKE, header, others).refused(403, "session_authorization_error");
    let own = json!({ "member_id": plain.text("/member_id") });
    acting(&mut stand, REVOKE, header, own).ok();
    acting(&mut stand, create, (token, "nonsense"), body("three"))
        .refused(403, "session_authorization_error");
    let trusted = json!({ "email_address": "four@acme.example", "trusted_metadata": { "a": 1 } });
    let set = acting(
        &mut stand,
        create,
        (token, &ours.text("/session_token")),
        trusted,
    );
    set.refused(401, "cannot_update_trusted_metadata");

    let victim = json!({ "session_token": ours.text("/session_token") });
    let crossed = acting(
        &mut stand,
        REVOKE,
        (token, &theirs.text("/session_token")),
        victim.clone(),
    );
    crossed.refused(403, "session_authorization_tenancy_error");
    stand.b2b(CHECK, victim.clone()).ok();
    acting(
        &mut stand,
        REVOKE,
        (token, &ours.text("/session_token")),
        victim.clone(),
    )
    .ok();
    stand.b2b(CHECK, victim).refused(404, "session_not_found");
}
