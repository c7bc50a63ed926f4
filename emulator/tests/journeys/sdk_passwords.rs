//! Passwords, with the routes of Stytch's browser SDKs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::sha2::{Digest as _, Sha256};
use serde_json::{Value, json};

use crate::sdk::call;
use crate::stand::Stand;

#[test]
fn a_password_is_created_used_and_reset_in_each_way() {
    let mut stand = Stand::new();
    let send = |stand: &mut Stand, route: &str, session_token: Option<&str>, mut body: Value| {
        body["session_duration_minutes"] = json!(60);
        call(
            stand,
            &format!("POST /sdk/v1/passwords{route}"),
            session_token,
            body,
        )
    };
    let email = "ada@example.com";
    let [first, second, third, last] = [
        "correct horse battery 1",
        "purple otter lantern 2",
        "granite velvet comet 3",
        "saffron anchor mosaic 4",
    ];
    let check = send(
        &mut stand,
        "/strength_check",
        None,
        json!({ "password": first }),
    )
    .ok();
    assert_eq!(check.body["data"]["valid_password"], true);
    let known = json!({ "email": email, "password": first });
    let created = send(&mut stand, "", None, known.clone()).ok();
    assert_eq!(
        created.body["data"]["session"]["user_id"],
        created.body["data"]["user_id"]
    );
    send(&mut stand, "/authenticate", None, known.clone()).ok();
    let wrong = json!({ "email": email, "password": second });
    send(&mut stand, "/authenticate", None, wrong.clone()).refused(401, "unauthorized_credentials");

    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest("a verifier"));
    let start = json!({ "email": email, "code_challenge": challenge });
    send(&mut stand, "/email/reset/start", None, start).ok();
    let mut reset = json!({ "token": stand.mail()["token"], "password": second });
    let refused = send(&mut stand, "/email/reset", None, reset.clone());
    refused.refused(400, "pkce_expected_code_verifier");
    reset["code_verifier"] = json!("a verifier");
    send(&mut stand, "/email/reset", None, reset).ok();
    send(&mut stand, "/authenticate", None, wrong).ok();

    let change = json!({ "email": email, "existing_password": second, "new_password": third });
    let changed = send(&mut stand, "/existing_password/reset", None, change).ok();
    let session_token = changed.text("/data/session_token");
    let inside = json!({ "password": last });
    send(&mut stand, "/session/reset", None, inside.clone()).refused(401, "user_unauthenticated");
    send(&mut stand, "/session/reset", Some(&session_token), inside).ok();
    let newest = json!({ "email": email, "password": last });
    send(&mut stand, "/authenticate", None, newest).ok();
    let old = json!({ "email": email, "password": third });
    send(&mut stand, "/authenticate", None, old).refused(401, "unauthorized_credentials");
}
