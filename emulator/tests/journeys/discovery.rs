//! Discovery: a user proves an email address, and then lists, joins or creates organizations.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const SEND: &str = "POST /v1/b2b/magic_links/email/discovery/send";
const USE: &str = "POST /v1/b2b/magic_links/discovery/authenticate";
const SEND_CODE: &str = "POST /v1/b2b/otps/email/discovery/send";
const USE_CODE: &str = "POST /v1/b2b/otps/email/discovery/authenticate";
const LIST: &str = "POST /v1/b2b/discovery/organizations";
const CREATE: &str = "POST /v1/b2b/discovery/organizations/create";
const EXCHANGE: &str = "POST /v1/b2b/discovery/intermediate_sessions/exchange";

#[test]
fn a_discovery_link_works_once_and_expires() {
    let mut stand = Stand::new();
    let body = json!({ "email_address": "Ada@acme.example", "discovery_expiration_minutes": 5 });
    let sent = stand.b2b(SEND, body.clone()).ok();
    assert_eq!(
        sent.body.as_object().unwrap().len(),
        2,
        "only the request ID and the status"
    );
    let mail = stand.mail();
    let token = mail["token"].as_str().unwrap().to_owned();
    assert_eq!(
        (&mail["kind"], &mail["to"]),
        (&json!("discovery"), &json!("ada@acme.example"))
    );
    let url =
        format!("http://localhost:3000/authenticate?stytch_token_type=discovery&token={token}");
    assert_eq!(mail["url"], url);
    stand
        .b2b(
            "POST /v1/b2b/magic_links/authenticate",
            json!({ "magic_links_token": token }),
        )
        .refused(404, "magic_link_not_found");

    let link = json!({ "discovery_magic_links_token": token });
    let used = stand.b2b(USE, link.clone()).ok();
    assert_eq!(used.body["email_address"], "ada@acme.example");
    assert_eq!(used.body["discovered_organizations"], json!([]));
    assert_eq!(used.text("/intermediate_session_token").len(), 44);
    stand
        .b2b(USE, link)
        .refused(401, "unable_to_auth_magic_link");

    stand.b2b(SEND, body).ok();
    let link = json!({ "discovery_magic_links_token": stand.mail()["token"] });
    stand.later(300);
    stand
        .b2b(USE, link)
        .refused(401, "unable_to_auth_magic_link");
    stand.b2b(USE, json!({})).refused(400, "invalid_token");
    let foreign =
        json!({ "email_address": "ada@acme.example", "discovery_redirect_url": "nonsense" });
    stand
        .b2b(SEND, foreign)
        .refused(400, "invalid_discovery_redirect_url");
}

#[test]
fn only_the_newest_discovery_code_of_an_address_works() {
    let mut stand = Stand::new();
    let send = |stand: &mut Stand| {
        stand
            .b2b(SEND_CODE, json!({ "email_address": "ada@acme.example" }))
            .ok();
        stand.mail()["code"].as_str().unwrap().to_owned()
    };
    let attempt = |stand: &mut Stand, email: &str, code: &str| {
        stand.b2b(USE_CODE, json!({ "email_address": email, "code": code }))
    };
    let (old, new) = (send(&mut stand), send(&mut stand));
    assert_ne!(old, new);
    attempt(&mut stand, "ada@acme.example", &old).refused(404, "otp_code_not_found");
    attempt(&mut stand, "eve@acme.example", &new).refused(404, "otp_code_not_found");
    let used = attempt(&mut stand, "ada@acme.example", &new).ok();
    assert_eq!(used.text("/intermediate_session_token").len(), 44);
    attempt(&mut stand, "ada@acme.example", &new).refused(401, "unable_to_auth_otp_code");
    let code = send(&mut stand);
    stand.later(600);
    attempt(&mut stand, "ada@acme.example", &code).refused(401, "unable_to_auth_otp_code");
    let long = json!({ "email_address": "ada@acme.example", "discovery_expiration_minutes": 16 });
    stand
        .b2b(SEND_CODE, long)
        .refused(400, "invalid_expiration_otp");
}

#[test]
fn lists_memberships_and_organizations_that_a_verified_domain_opens() {
    let mut stand = Stand::new();
    for name in ["active", "invited", "acme"] {
        stand.organization(name);
    }
    stand.log_in_member("acme", "bob@acme.example");
    for (organization, body) in [
        ("active", json!({ "email_address": "ada@acme.example" })),
        (
            "invited",
            json!({ "email_address": "ada@acme.example", "create_member_as_pending": true }),
        ),
    ] {
        let create = format!("POST /v1/b2b/organizations/{organization}/members");
        stand.b2b(&create, body).ok();
    }
    let user = discover(&mut stand, "ada@acme.example");
    let found = types(&user);
    assert_eq!(
        found,
        [
            "active_member",
            "pending_member",
            "eligible_to_join_by_email_domain"
        ]
    );
    let eligible = &user.body["discovered_organizations"][2];
    assert_eq!(
        eligible["membership"]["details"],
        json!({ "domain": "acme.example" })
    );
    assert_eq!(eligible["membership"]["member"], Value::Null);
    assert_eq!(eligible["member_authenticated"], true);
    assert_eq!(eligible["organization"]["organization_slug"], "acme");

    let token = json!({ "intermediate_session_token": user.text("/intermediate_session_token") });
    let listed = stand.b2b(LIST, token.clone()).ok();
    assert_eq!(
        listed.body["discovered_organizations"],
        user.body["discovered_organizations"]
    );
    assert_eq!(listed.body["email_address"], "ada@acme.example");
    stand
        .b2b(LIST, json!({}))
        .refused(400, "no_session_arguments");

    let session = stand.log_in_member("active", "ada@acme.example");
    let session = json!({ "session_token": session.text("/session_token") });
    let listed = stand.b2b(LIST, session.clone()).ok();
    assert_eq!(types(&listed), ["active_member", "pending_member"]);
    let mut both = session;
    both["intermediate_session_token"] = token["intermediate_session_token"].clone();
    stand
        .b2b(LIST, both)
        .refused(400, "too_many_session_arguments");
    stand.later(600);
    stand
        .b2b(LIST, token)
        .refused(404, "intermediate_session_not_found");
}

#[test]
fn a_domain_without_a_verified_member_does_not_open_an_organization() {
    let mut stand = Stand::new();
    stand.organization("acme");
    let user = discover(&mut stand, "ada@acme.example");
    assert_eq!(types(&user), [""; 0]);
    let body = exchange_body(&user, "acme");
    stand
        .b2b(EXCHANGE, body)
        .refused(400, "invalid_email_for_jit_provisioning");
}

#[test]
fn an_exchange_joins_the_organization_and_consumes_the_token() {
    let mut stand = Stand::new();
    stand.organization("acme");
    stand.log_in_member("acme", "bob@acme.example");
    let user = discover(&mut stand, "ada@acme.example");
    let body = exchange_body(&user, "acme");
    let joined = stand.b2b(EXCHANGE, body.clone()).ok();
    assert_eq!(joined.body["member_authenticated"], true);
    assert_eq!(joined.body["member"]["status"], "active");
    assert_eq!(joined.body["member"]["email_address_verified"], true);
    assert_eq!(joined.body["intermediate_session_token"], "");
    let factor = &joined.body["member_session"]["authentication_factors"][0];
    assert_eq!(factor["type"], "magic_link");
    assert_eq!(factor["email_factor"]["email_address"], "ada@acme.example");
    stand
        .b2b(EXCHANGE, body)
        .refused(404, "intermediate_session_not_found");
    let eve = discover(&mut stand, "eve@elsewhere.example");
    let body = exchange_body(&eve, "acme");
    stand
        .b2b(EXCHANGE, body)
        .refused(400, "invalid_email_for_jit_provisioning");
    let body = exchange_body(&eve, "nowhere");
    stand
        .b2b(EXCHANGE, body)
        .refused(404, "organization_not_found");
}

#[test]
fn an_exchange_names_the_methods_that_the_organization_accepts() {
    let mut stand = Stand::new();
    let body = json!({ "organization_name": "strict", "auth_methods": "RESTRICTED", "allowed_auth_methods": ["sso", "email_otp"] });
    stand.b2b("POST /v1/b2b/organizations", body).ok();
    let member = json!({ "email_address": "ada@acme.example" });
    stand
        .b2b("POST /v1/b2b/organizations/strict/members", member)
        .ok();
    let user = discover(&mut stand, "ada@acme.example");
    let primary = json!({ "allowed_auth_methods": ["sso", "email_otp"] });
    let found = &user.body["discovered_organizations"][0];
    assert_eq!(
        (&found["member_authenticated"], &found["primary_required"]),
        (&json!(false), &primary)
    );
    let refused = stand.b2b(EXCHANGE, exchange_body(&user, "strict")).ok();
    assert_eq!(refused.body["member_authenticated"], false);
    assert_eq!(refused.body["primary_required"], primary);
    assert_eq!(refused.body["mfa_required"], Value::Null);
    assert_eq!(refused.body["member_session"], Value::Null);
    assert_eq!(
        refused.text("/intermediate_session_token"),
        user.text("/intermediate_session_token"),
        "the same token continues the log-in"
    );
}

#[test]
fn a_required_second_factor_keeps_the_intermediate_session() {
    let mut stand = Stand::new();
    let body = json!({ "organization_name": "strict", "mfa_policy": "REQUIRED_FOR_ALL" });
    stand.b2b("POST /v1/b2b/organizations", body).ok();
    let member = json!({ "email_address": "ada@acme.example" });
    stand
        .b2b("POST /v1/b2b/organizations/strict/members", member)
        .ok();
    let user = discover(&mut stand, "ada@acme.example");
    let pending = stand.b2b(EXCHANGE, exchange_body(&user, "strict")).ok();
    assert_eq!(pending.body["member_authenticated"], false);
    assert_eq!(pending.body["primary_required"], Value::Null);
    assert!(pending.body["mfa_required"].is_object());
    let token = pending.text("/intermediate_session_token");
    let listed = stand
        .b2b(LIST, json!({ "intermediate_session_token": token }))
        .ok();
    assert_eq!(
        listed.body["organization_id_hint"],
        pending.body["organization"]["organization_id"]
    );
}

#[test]
fn the_creator_of_an_organization_is_its_administrator() {
    let mut stand = Stand::new();
    let user = discover(&mut stand, "ada@acme.example");
    let body = json!({ "intermediate_session_token": user.text("/intermediate_session_token") });
    let created = stand.b2b(CREATE, body).ok();
    assert_eq!(created.body["organization"]["organization_slug"], "acme");
    assert_eq!(created.body["member"]["is_admin"], true);
    assert_eq!(created.body["member_authenticated"], true);
    assert_eq!(
        created.body["member_session"]["roles"],
        json!(["stytch_member", "stytch_admin"])
    );
    let user = discover(&mut stand, "eve.x@gmail.com");
    let token = user.text("/intermediate_session_token");
    let taken = json!({ "intermediate_session_token": token, "organization_slug": "acme" });
    stand
        .b2b(CREATE, taken)
        .refused(400, "organization_slug_already_used");
    let body = json!({ "intermediate_session_token": token, "organization_name": "Eve's" });
    let created = stand.b2b(CREATE, body).ok();
    assert_eq!(created.body["organization"]["organization_slug"], "eve-x");
    assert_eq!(created.body["organization"]["organization_name"], "Eve's");
    stand
        .b2b(LIST, json!({ "intermediate_session_token": token }))
        .refused(404, "intermediate_session_not_found");
}

#[test]
fn a_session_is_exchanged_for_a_session_in_another_organization() {
    let mut stand = Stand::new();
    stand.organization("acme");
    stand.organization("other");
    let session = stand.log_in_member("acme", "ada@acme.example");
    let body = |organization: &str| json!({ "session_token": session.text("/session_token"), "organization_id": organization });
    let exchange = "POST /v1/b2b/sessions/exchange";
    stand
        .b2b(exchange, body("other"))
        .refused(404, "member_not_found");
    let invite = json!({ "organization_id": "other", "email_address": "ada@acme.example" });
    stand
        .b2b(
            "PUT /v1/b2b/organizations/other",
            json!({ "email_invites": "ALL_ALLOWED" }),
        )
        .ok();
    stand
        .b2b("POST /v1/b2b/magic_links/email/invite", invite)
        .ok();
    let exchanged = stand.b2b(exchange, body("other")).ok();
    assert_eq!(exchanged.body["member"]["status"], "active");
    assert_eq!(
        exchanged.body["member_session"]["organization_slug"],
        "other"
    );
    assert_ne!(exchanged.body["member_id"], session.body["member_id"]);
    let both = stand.b2b(
        "POST /v1/b2b/sessions/authenticate",
        json!({ "session_token": session.text("/session_token") }),
    );
    assert_eq!(
        both.ok().body["member_session"]["organization_slug"],
        "acme"
    );
    stand
        .b2b(exchange, json!({ "organization_id": "other" }))
        .refused(400, "no_session_arguments");
}

/// Logs a user in by a discovery link.
fn discover(stand: &mut Stand, email: &str) -> Answer {
    stand.b2b(SEND, json!({ "email_address": email })).ok();
    let token = stand.mail()["token"].clone();
    stand
        .b2b(USE, json!({ "discovery_magic_links_token": token }))
        .ok()
}

fn exchange_body(user: &Answer, organization_id: &str) -> Value {
    let token = user.text("/intermediate_session_token");
    json!({ "intermediate_session_token": token, "organization_id": organization_id })
}

/// The types of the memberships in a response.
fn types(answer: &Answer) -> Vec<&str> {
    let found = answer.body["discovered_organizations"].as_array().unwrap();
    let types = found.iter().map(|one| one["membership"]["type"].as_str());
    types.map(Option::unwrap).collect()
}
