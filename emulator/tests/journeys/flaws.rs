//! Minted tokens with a flaw: the routes that check tokens refuse them. Minted tokens of stored users.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::signatures::{b2b_keys, consumer_keys, verifies};
use crate::stand::{Answer, SETTINGS, Stand, open_jwt};

const MINT: &str = "POST /_emulator/tokens";
const FLAWS: usize = 32;

fn mint(stand: &mut Stand, order: &Value) -> String {
    stand.open(MINT, order.clone()).ok().text("/token")
}

/// Returns the names of all flaws. The refusal of an unknown name lists them.
fn flaws(stand: &mut Stand) -> Vec<String> {
    let body = json!({ "product": "consumer", "flaw": "?" });
    let refused = stand.open(MINT, body);
    assert_eq!(refused.status, 400);
    let message = refused.text("/error");
    let names = message.strip_prefix("flaw must be one of ").unwrap();
    let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
    assert_eq!(names.len(), FLAWS);
    names
}

/// The API looks a session up by the id in a JWT and does not read the times of the JWT. So it accepts a JWT that has
/// expired, if the session is active.
#[test]
fn the_api_refuses_a_session_jwt_with_any_flaw_except_for_its_times() {
    let mut stand = Stand::new();
    let user = stand.log_in("ada@example.com");
    let organization = stand.organization("acme");
    let member = stand.log_in_member(&organization, "ada@acme.example");
    for (product, id) in [
        ("consumer", user.text("/session/session_id")),
        ("b2b", member.text("/member_session/member_session_id")),
    ] {
        let authenticate = |stand: &mut Stand, jwt: String| -> Answer {
            let body = json!({ "session_jwt": jwt });
            match product {
                "b2b" => stand.b2b("POST /v1/b2b/sessions/authenticate", body),
                _ => stand.consumer("POST /v1/sessions/authenticate", body),
            }
        };
        let order = json!({ "product": product, "session_id": id });
        let valid = mint(&mut stand, &order);
        authenticate(&mut stand, valid).ok();
        for flaw in flaws(&mut stand) {
            let mut order = order.clone();
            order["flaw"] = json!(flaw);
            let token = mint(&mut stand, &order);
            let answer = authenticate(&mut stand, token);
            if ["expired", "not_yet_valid"].contains(&flaw.as_str()) {
                answer.ok();
            } else {
                assert_eq!(answer.status, 400, "{flaw}: {}", answer.body);
                answer.refused(400, "unable_to_parse_session_jwt");
            }
        }
    }
}

#[test]
fn introspection_returns_inactive_for_a_token_with_any_flaw() {
    let mut stand = Stand::new();
    let body = json!({ "client_id": "cron", "client_secret": "a long secret" });
    stand.consumer("POST /v1/m2m/clients", body).ok();
    let path = format!(
        "/v1/public/{}/oauth2/introspect",
        SETTINGS.consumer.project_id
    );
    for (kind, client_id, claims) in [
        ("m2m", "cron", json!({ "sub": "cron" })),
        ("connected_app", "app", json!({ "client_id": "app" })),
    ] {
        let active = |stand: &mut Stand, token: &str| {
            let fields = [
                ("token", token),
                ("client_id", client_id),
                ("client_secret", "a long secret"),
            ];
            let answer = stand.form(&path, &fields).ok();
            answer.body["active"].as_bool().unwrap()
        };
        let order = json!({ "product": "consumer", "kind": kind, "claims": claims });
        let valid = mint(&mut stand, &order);
        assert!(active(&mut stand, &valid), "{kind}");
        for flaw in flaws(&mut stand) {
            let mut order = order.clone();
            order["flaw"] = json!(flaw);
            let minted = stand.open(MINT, order);
            if flaw == "without_session" {
                assert_eq!(minted.status, 400);
            } else {
                let token = minted.ok().text("/token");
                assert!(!active(&mut stand, &token), "{kind} {flaw}");
            }
        }
    }
}

#[test]
fn a_flaw_deviates_from_the_valid_token_as_documented() {
    let mut stand = Stand::new();
    let now = stand.now.0;
    let mut token = |flaw: &str| mint(&mut stand, &json!({ "product": "consumer", "flaw": flaw }));
    let (_, expired) = open_jwt(&token("expired"));
    assert_eq!(
        (&expired["nbf"], &expired["exp"]),
        (&json!(now - 600), &json!(now - 300))
    );
    let confused = token("other_algorithm");
    assert_eq!(open_jwt(&confused).0["alg"], "HS256");
    let tag = URL_SAFE_NO_PAD.decode(confused.rsplit('.').next().unwrap());
    assert_eq!(tag.unwrap().len(), 32);
    let embedded = open_jwt(&token("embedded_key")).0;
    assert_eq!(embedded["kid"], embedded["jwk"]["kid"]);
    assert!(token("alg_none").ends_with('.'));
    assert_eq!(token("malformed").split('.').count(), 2);
    let changed = token("changed_claims");
    assert!(!verifies(&mut stand, &consumer_keys(), &changed));
    let bare = json!({ "product": "consumer", "flaw": "other_kind" });
    let machine = mint(&mut stand, &bare);
    assert!(verifies(&mut stand, &consumer_keys(), &machine));
    assert!(open_jwt(&machine).1["scope"].is_string());
}

#[test]
fn the_given_header_and_claims_are_merged_into_a_flawed_token() {
    let mut stand = Stand::new();
    let token = mint(
        &mut stand,
        &json!({
            "product": "consumer",
            "flaw": "expired",
            "header": { "typ": "x" },
            "claims": { "iat": 1, "plan": "gold" },
        }),
    );
    let (header, claims) = open_jwt(&token);
    assert_eq!(header["typ"], "x");
    assert_eq!(
        (&claims["iat"], &claims["plan"]),
        (&json!(1), &json!("gold"))
    );
    assert_eq!(claims["exp"], stand.now.0 - 300);
    let both = json!({ "product": "consumer", "flaw": "other_key", "key": "none" });
    assert_eq!(
        stand.open(MINT, both).text("/error"),
        "key must not be given with a flaw of the signature"
    );
}

#[test]
fn a_token_of_a_stored_user_has_its_subject_and_roles() {
    let mut stand = Stand::new();
    stand.set_up_roles("consumer");
    let created = stand
        .consumer(
            "POST /v1/users",
            json!({ "email": "ada@example.com", "roles": ["editor"] }),
        )
        .ok();
    let user_id = created.text("/user_id");
    let token = mint(
        &mut stand,
        &json!({ "product": "consumer", "user_id": user_id }),
    );
    assert!(verifies(&mut stand, &consumer_keys(), &token));
    let (_, claims) = open_jwt(&token);
    assert_eq!(claims["sub"], user_id);
    let session = &claims["https://stytch.com/session"];
    assert_eq!(session["roles"], json!(["stytch_user", "editor"]));
    assert_eq!(
        session["authentication_factors"][0]["email_factor"]["email_address"],
        "ada@example.com"
    );
    let app = json!({ "product": "consumer", "kind": "connected_app", "user_id": user_id });
    let app = mint(&mut stand, &app);
    assert_eq!(open_jwt(&app).1["sub"], user_id);
}

#[test]
fn a_token_of_a_stored_member_has_its_organization() {
    let mut stand = Stand::new();
    let organization_id = stand.organization("acme");
    let member = stand.log_in_member(&organization_id, "ada@acme.example");
    let member_id = member.text("/member_id");
    let token = mint(
        &mut stand,
        &json!({ "product": "b2b", "member_id": member_id }),
    );
    assert!(verifies(&mut stand, &b2b_keys(), &token));
    let (_, claims) = open_jwt(&token);
    assert_eq!(claims["sub"], member_id);
    let organization = json!({ "organization_id": organization_id, "slug": "acme" });
    assert_eq!(claims["https://stytch.com/organization"], organization);
}

#[test]
fn a_token_of_a_stored_session_is_as_good_as_the_token_of_the_api() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let jwt = json!({ "session_jwt": session.text("/session_jwt"), "session_custom_claims": { "plan": "gold" } });
    let with_claims = stand.consumer("POST /v1/sessions/authenticate", jwt).ok();
    let id = session.text("/session/session_id");
    let token = mint(
        &mut stand,
        &json!({ "product": "consumer", "session_id": id }),
    );
    assert_eq!(
        open_jwt(&token),
        open_jwt(&with_claims.text("/session_jwt"))
    );
}

#[test]
fn refuses_owners_that_do_not_fit() {
    let mut stand = Stand::new();
    let user = stand.log_in("ada@example.com");
    let (user_id, session_id) = (user.text("/user_id"), user.text("/session/session_id"));
    let id = user_id.as_str();
    for (order, message) in [
        (
            json!({ "product": "consumer", "user_id": "user-test-1" }),
            "user_id must be the ID of a user",
        ),
        (
            json!({ "product": "consumer", "user_id": 7 }),
            "user_id must be a string",
        ),
        (
            json!({ "product": "b2b", "member_id": id }),
            "member_id must be the ID of a member",
        ),
        (
            json!({ "product": "consumer", "session_id": id }),
            "session_id must be the ID of an active session",
        ),
        (
            json!({ "product": "b2b", "session_id": session_id }),
            "session_id must be the ID of an active session",
        ),
        (
            json!({ "product": "b2b", "user_id": id }),
            "user_id needs the product consumer; the product b2b has member_id",
        ),
        (
            json!({ "product": "consumer", "member_id": id }),
            "member_id needs the product b2b; the product consumer has user_id",
        ),
        (
            json!({ "product": "consumer", "user_id": id, "session_id": session_id }),
            "only one of session_id, user_id and member_id may be given",
        ),
        (
            json!({ "product": "consumer", "kind": "m2m", "user_id": id }),
            "session_id, user_id and member_id must not be given with the kind m2m",
        ),
        (
            json!({ "product": "consumer", "kind": "connected_app", "session_id": session_id }),
            "session_id needs the kind session",
        ),
        (
            json!({ "product": "consumer", "kind": "m2m", "flaw": "without_session" }),
            "the flaw without_session needs the kind session",
        ),
    ] {
        let refused = stand.open(MINT, order.clone());
        assert_eq!(
            (refused.status, refused.text("/error").as_str()),
            (400, message),
            "{order}"
        );
    }
}
