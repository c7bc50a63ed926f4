//! The authorization of Connected Apps: scopes, consents, the settings of an organization, and the lists of apps.

use serde_json::{Value, json};

use crate::app_stand::{
    AUTHORIZE, CALLBACK, START, app, asked, code_for, decided, exchange, extend, is_active, oauth2,
    params, refresh, user, userinfo,
};
use crate::signatures::{b2b_keys, verifies};
use crate::stand::{Stand, open_jwt};

#[test]
fn a_user_lists_and_revokes_the_apps() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let (notes, other) = (
        app(
            &mut stand,
            "consumer",
            "third_party",
            json!({ "logo_url": "https://app.example/logo.png" }),
        ),
        app(&mut stand, "consumer", "first_party", json!({})),
    );
    let list = format!("GET /v1/users/{user_id}/connected_apps");
    assert_eq!(
        stand.consumer(&list, Value::Null).ok().body["connected_apps"],
        json!([])
    );
    let scopes = ["openid", "offline_access"];
    let mut issued = Vec::new();
    for app in [&notes, &other] {
        let code = code_for(&mut stand, app, &user_id, &scopes, json!({}));
        let tokens = exchange(&mut stand, app, &code, &[]).ok();
        issued.push((tokens.text("/access_token"), tokens.text("/refresh_token")));
    }
    let unused = code_for(&mut stand, &notes, &user_id, &["openid"], json!({}));
    let listed = stand.consumer(&list, Value::Null).ok();
    let first = &listed.body["connected_apps"][0];
    assert_eq!(listed.body["connected_apps"].as_array().unwrap().len(), 2);
    assert_eq!(
        (
            &first["connected_app_id"],
            &first["scopes_granted"],
            &first["logo_url"]
        ),
        (
            &json!(notes.id),
            &json!("openid"),
            &json!("https://app.example/logo.png")
        )
    );

    let revoke = |id: &str| format!("POST /v1/users/{user_id}/connected_apps/{id}/revoke");
    stand
        .consumer(&revoke("connected-app-test-x"), Value::Null)
        .refused(404, "connected_app_not_found");
    stand.consumer(&revoke(&notes.id), Value::Null).ok();
    let listed = stand.consumer(&list, Value::Null).ok();
    assert_eq!(
        listed.body["connected_apps"][0]["connected_app_id"],
        other.id
    );
    assert!(!is_active(&mut stand, &notes, &issued[0].0));
    refresh(&mut stand, &notes, &issued[0].1, &[]).refused_by_oauth2(400, "invalid_grant");
    exchange(&mut stand, &notes, &unused, &[]).refused_by_oauth2(400, "invalid_grant");
    let start = asked(&notes, &scopes, json!({ "user_id": user_id }));
    assert_eq!(
        stand.consumer(START, start).ok().body["consent_required"],
        true
    );
    // The access of the other app ends with the user.
    assert!(is_active(&mut stand, &other, &issued[1].0));
    let snapshot = stand.emulator.snapshot();
    stand
        .consumer(&format!("DELETE /v1/users/{user_id}"), Value::Null)
        .ok();
    assert!(!is_active(&mut stand, &other, &issued[1].0));
    refresh(&mut stand, &other, &issued[1].1, &[]).refused_by_oauth2(400, "invalid_grant");
    stand
        .consumer(&list, Value::Null)
        .refused(404, "user_not_found");
    // Or with the app.
    stand.emulator.restore(&snapshot).unwrap();
    assert!(is_active(&mut stand, &other, &issued[1].0));
    stand
        .consumer(
            &format!("DELETE /v1/connected_apps/clients/{}", other.id),
            Value::Null,
        )
        .ok();
    assert_eq!(
        stand.consumer(&list, Value::Null).ok().body["connected_apps"],
        json!([])
    );
    assert!(!is_active(&mut stand, &other, &issued[1].0));
    refresh(&mut stand, &other, &issued[1].1, &[]).refused_by_oauth2(401, "invalid_client");
}

#[test]
fn a_first_party_app_needs_consent_only_for_offline_access() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let own = app(&mut stand, "consumer", "first_party", json!({}));
    let bypassing = app(
        &mut stand,
        "consumer",
        "first_party",
        json!({ "bypass_consent_for_offline_access": true }),
    );
    for (app, scopes, prompt, required) in [
        (&own, &["openid", "profile"][..], "", false),
        (&own, &["offline_access"], "", true),
        (&bypassing, &["offline_access"], "", false),
        (&bypassing, &["openid"], "consent", true),
        (&own, &["openid"], "login", false),
    ] {
        let body = asked(app, scopes, json!({ "user_id": user_id, "prompt": prompt }));
        let start = stand.consumer(START, body).ok();
        assert_eq!(
            start.body["consent_required"], required,
            "{scopes:?} {prompt}"
        );
    }
}

#[test]
fn a_scope_needs_the_permissions_of_the_user() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let scope = |name: &str, action: &str| {
        json!({
            "scope": name, "description": format!("To {action} documents"),
            "permissions": [{ "resource_id": "documents", "actions": [action] }],
        })
    };
    let policy = json!({
        "product": "consumer",
        "roles": [{ "role_id": "reader", "permissions": [{ "resource_id": "documents", "actions": ["read"] }] }],
        "resources": [{ "resource_id": "documents", "actions": ["read", "write"] }],
        "scopes": [scope("read:documents", "read"), scope("write:documents", "write")],
    });
    stand.open("POST /_emulator/policies", policy).ok();
    stand
        .consumer(
            &format!("PUT /v1/users/{user_id}"),
            json!({ "roles": ["reader"] }),
        )
        .ok();
    let own = app(&mut stand, "consumer", "third_party", json!({}));
    let scopes = [
        "read:documents",
        "write:documents",
        "unknown",
        "read:documents",
    ];
    let start = stand
        .consumer(START, asked(&own, &scopes, json!({ "user_id": user_id })))
        .ok();
    assert_eq!(
        start.body["scope_results"],
        json!([
            { "scope": "read:documents", "description": "To read documents", "is_grantable": true },
            { "scope": "write:documents", "description": "To write documents", "is_grantable": false },
            { "scope": "unknown", "description": "", "is_grantable": false },
        ])
    );
    let body = decided(&own, &user_id, &scopes, json!({ "state": "s" }));
    let refused = stand.consumer(AUTHORIZE, body).ok();
    let found = params(&refused.text("/redirect_uri"));
    assert_eq!(found[0], ("error".into(), "invalid_scope".into()));
    assert_eq!(found[2], ("state".into(), "s".into()));
    assert!(refused.body.get("authorization_code").is_none());
    let code = code_for(&mut stand, &own, &user_id, &["read:documents"], json!({}));
    let access = exchange(&mut stand, &own, &code, &[])
        .ok()
        .text("/access_token");
    assert_eq!(open_jwt(&access).1["scope"], "read:documents");

    let denied = decided(
        &own,
        &user_id,
        &["read:documents"],
        json!({ "consent_granted": false }),
    );
    let denied = stand.consumer(AUTHORIZE, denied).ok();
    assert_eq!(params(&denied.text("/redirect_uri"))[0].1, "access_denied");
    assert!(denied.body.get("authorization_code").is_none());
}

#[test]
fn refuses_malformed_requests() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let own = app(&mut stand, "consumer", "third_party", json!({}));
    for (change, status, error_type) in [
        (
            json!({ "client_id": "connected-app-test-x" }),
            404,
            "connected_app_not_found",
        ),
        (json!({ "client_id": null }), 400, "invalid_client_id"),
        (
            json!({ "redirect_uri": format!("{CALLBACK}/") }),
            401,
            "connected_app_supplied_redirect_url_not_found_in_client",
        ),
        (json!({ "response_type": "token" }), 400, "invalid_argument"),
        (json!({ "scopes": "openid" }), 400, "invalid_argument"),
        (
            json!({ "scopes": ["full_access"] }),
            400,
            "third_party_clients_cannot_use_full_access",
        ),
        (
            json!({ "user_id": null }),
            400,
            "no_oauth_authorize_user_selector",
        ),
        (
            json!({ "session_token": "x" }),
            400,
            "too_many_user_selection_arguments",
        ),
        (json!({ "user_id": "user-test-x" }), 404, "user_not_found"),
    ] {
        for route in [START, AUTHORIZE] {
            let mut body = decided(&own, &user_id, &["openid"], json!({}));
            extend(&mut body, change.clone());
            stand.consumer(route, body).refused(status, error_type);
        }
    }
    for (change, error_type) in [
        (json!({ "consent_granted": null }), "invalid_argument"),
        (
            json!({ "code_challenge": "short" }),
            "invalid_pkce_code_challenge",
        ),
    ] {
        let body = decided(&own, &user_id, &["openid"], change);
        stand.consumer(AUTHORIZE, body).refused(400, error_type);
    }
    let list = format!("GET /v1/users/{user_id}/connected_apps");
    assert_eq!(
        stand.consumer(&list, Value::Null).ok().body["connected_apps"],
        json!([])
    );
}

#[test]
fn members_authorize_the_apps_that_their_organization_allows() {
    const START: &str = "POST /v1/b2b/idp/oauth/authorize/start";
    const AUTHORIZE: &str = "POST /v1/b2b/idp/oauth/authorize";
    let mut stand = Stand::new();
    let (acme, globex) = (stand.organization("acme"), stand.organization("globex"));
    let ada = stand.log_in_member(&acme, "ada@acme.example");
    let bob = stand.log_in_member(&globex, "bob@globex.example");
    let (ada_id, ada_session) = (ada.text("/member_id"), ada.text("/session_token"));
    let template = r#"{ "org": "{{ organization.organization_name }}", "mail": "{{ member.email_address }}" }"#;
    let more = json!({ "access_token_template_content": template });
    let own = app(&mut stand, "b2b", "third_party", more);

    let by_id = json!({ "organization_id": acme, "member_id": ada_id });
    let start = stand
        .b2b(START, asked(&own, &["openid"], by_id.clone()))
        .ok();
    assert_eq!(
        (
            start.text("/member/member_id"),
            start.text("/organization/organization_id")
        ),
        (ada_id.clone(), acme.clone())
    );
    for (selector, status, error_type) in [
        (json!({}), 400, "no_oauth_authorize_member_selector"),
        (
            json!({ "member_id": ada_id }),
            400,
            "invalid_organization_id",
        ),
        (
            json!({ "organization_id": globex, "member_id": ada_id }),
            404,
            "member_not_found",
        ),
        (
            json!({ "organization_id": globex, "session_token": ada_session }),
            403,
            "session_authorization_tenancy_error",
        ),
        (
            json!({ "organization_id": acme, "member_id": ada_id, "session_token": ada_session }),
            400,
            "too_many_session_arguments",
        ),
    ] {
        stand
            .b2b(START, asked(&own, &["openid"], selector))
            .refused(status, error_type);
    }

    let mut decision = asked(
        &own,
        &["openid", "email", "offline_access"],
        json!({ "session_token": ada_session }),
    );
    extend(&mut decision, json!({ "consent_granted": true }));
    let code = stand
        .b2b(AUTHORIZE, decision.clone())
        .ok()
        .text("/authorization_code");
    let grant = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
    ];
    let tokens = oauth2(&mut stand, "b2b", "token", &own, &grant).ok();
    let access = tokens.text("/access_token");
    assert!(verifies(&mut stand, &b2b_keys(), &access));
    let (_, claims) = open_jwt(&access);
    assert_eq!(
        claims["https://stytch.com/organization"],
        json!({ "organization_id": acme, "slug": "acme" })
    );
    assert_eq!(
        (&claims["org"], &claims["mail"]),
        (&json!("acme"), &json!("ada@acme.example"))
    );
    assert_eq!(
        userinfo(&mut stand, "b2b", &access).ok().text("/email"),
        "ada@acme.example"
    );

    let apps = format!("GET /v1/b2b/organizations/{acme}/connected_apps");
    assert_eq!(
        stand.b2b(&apps, Value::Null).ok().body["connected_apps"][0]["connected_app_id"],
        own.id
    );
    let of_globex = format!("GET /v1/b2b/organizations/{globex}/connected_apps");
    assert_eq!(
        stand.b2b(&of_globex, Value::Null).ok().body["connected_apps"],
        json!([])
    );
    let one = stand.b2b(&format!("{apps}/{}", own.id), Value::Null).ok();
    assert_eq!(
        one.body["active_members"],
        json!([{ "member_id": ada_id, "granted_scopes": ["openid", "email", "offline_access"] }])
    );
    let of_member = format!("GET /v1/b2b/organizations/{acme}/members/{ada_id}/connected_apps");
    let listed = stand.b2b(&of_member, Value::Null).ok();
    assert_eq!(
        listed.body["connected_apps"][0]["scopes_granted"],
        "openid email offline_access"
    );
    let of_bob = bob.text("/member_id");
    let wrong = format!("GET /v1/b2b/organizations/{acme}/members/{of_bob}/connected_apps");
    stand
        .b2b(&wrong, Value::Null)
        .refused(404, "member_not_found");

    // The settings of the organization count at each issue of tokens.
    let update = format!("PUT /v1/b2b/organizations/{acme}");
    let refresh_token = tokens.text("/refresh_token");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
    ];
    for (setting, list, allowed) in [
        ("NOT_ALLOWED", json!([]), false),
        ("RESTRICTED", json!(["connected-app-test-x"]), false),
        ("RESTRICTED", json!([own.id]), true),
        ("ALL_ALLOWED", json!([]), true),
    ] {
        let change = json!({ "third_party_connected_apps_allowed_type": setting, "allowed_third_party_connected_apps": list });
        stand.b2b(&update, change).ok();
        let start = stand.b2b(START, asked(&own, &["openid"], by_id.clone()));
        let refreshed = oauth2(&mut stand, "b2b", "token", &own, &fields);
        if allowed {
            start.ok();
            refreshed.ok();
        } else {
            start.refused(400, "connected_app_not_allowed_for_org");
            stand
                .b2b(AUTHORIZE, decision.clone())
                .refused(400, "connected_app_not_allowed_for_org");
            refreshed.refused_by_oauth2(400, "invalid_grant");
        }
    }
    let first_party = json!({ "first_party_connected_apps_allowed_type": "NOT_ALLOWED" });
    stand.b2b(&update, first_party).ok();
    stand.b2b(START, asked(&own, &["openid"], by_id)).ok();

    let revoke = format!(
        "POST /v1/b2b/organizations/{acme}/members/{ada_id}/connected_apps/{}/revoke",
        own.id
    );
    stand.b2b(&revoke, Value::Null).ok();
    assert_eq!(
        stand.b2b(&of_member, Value::Null).ok().body["connected_apps"],
        json!([])
    );
    assert_eq!(
        stand.b2b(&apps, Value::Null).ok().body["connected_apps"],
        json!([])
    );
    oauth2(&mut stand, "b2b", "token", &own, &fields).refused_by_oauth2(400, "invalid_grant");
    let token = [("token", access.as_str())];
    assert_eq!(
        oauth2(&mut stand, "b2b", "introspect", &own, &token)
            .ok()
            .body["active"],
        false
    );
}
