//! SSO connections: their values, the organization that lists them, and their deletion.

use serde_json::{Value, json};

use super::stand::Stand;

pub const METADATA: &str = "http://127.0.0.1:4010/_emulator/idp/1/metadata";

/// Creates a SAML connection to an identity provider of the emulator, and returns its id.
pub fn saml_connection(stand: &mut Stand, organization_id: &str, metadata_url: &str) -> String {
    let route = format!("POST /v1/b2b/sso/saml/{organization_id}");
    let created = stand.b2b(&route, json!({ "display_name": "Okta" })).ok();
    let id = created.text("/connection/connection_id");
    let route = format!("PUT /v1/b2b/sso/saml/{organization_id}/connections/{id}");
    let by_url = json!({ "metadata_url": metadata_url });
    stand.b2b(&format!("{route}/url"), by_url).ok();
    let mapping = json!({ "email": "email", "full_name": "name", "groups": "groups" });
    stand
        .b2b(&route, json!({ "attribute_mapping": mapping }))
        .ok();
    id
}

fn organization_of(stand: &mut Stand, id: &str) -> Value {
    let route = format!("GET /v1/b2b/organizations/{id}");
    stand.b2b(&route, Value::Null).ok().body["organization"].take()
}

#[test]
fn a_saml_connection_becomes_active_with_its_last_value() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let route = format!("POST /v1/b2b/sso/saml/{acme}");
    let created = stand.b2b(&route, json!({})).ok();
    let id = created.text("/connection/connection_id");
    let callback = format!("https://test.stytch.com/v1/b2b/sso/callback/{id}");
    let connection = &created.body["connection"];
    assert_eq!(connection["status"], "pending");
    assert_eq!(connection["acs_url"], callback);
    assert_eq!(connection["audience_uri"], callback);
    let route = format!("PUT /v1/b2b/sso/saml/{acme}/connections/{id}");
    let by_url = json!({ "metadata_url": METADATA });
    let changed = stand.b2b(&format!("{route}/url"), by_url).ok();
    assert_eq!(changed.body["connection"]["status"], "pending");
    assert_eq!(
        organization_of(&mut stand, &acme)["sso_active_connections"],
        json!([])
    );
    let mapping = json!({ "email": "email", "first_name": "first", "last_name": "last" });
    let changed = stand
        .b2b(&route, json!({ "attribute_mapping": mapping }))
        .ok();
    assert_eq!(changed.body["connection"]["status"], "active");
    let organization = organization_of(&mut stand, &acme);
    assert_eq!(organization["sso_default_connection_id"], id);
    assert_eq!(
        organization["sso_active_connections"],
        json!([{ "connection_id": id, "display_name": "", "identity_provider": "generic" }])
    );
    let search = json!({ "query": { "operator": "AND", "operands": [
        { "filter_name": "sso_connection_id", "filter_value": id },
    ] } });
    let found = stand.b2b("POST /v1/b2b/organizations/search", search).ok();
    assert_eq!(found.text("/organizations/0/organization_id"), acme);
}

#[test]
fn wrong_values_are_refused_and_change_nothing() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let id = saml_connection(&mut stand, &acme, METADATA);
    let route = format!("PUT /v1/b2b/sso/saml/{acme}/connections/{id}");
    let before = stand.emulator.snapshot();
    let role = |role_id: &str| json!([{ "role_id": role_id }]);
    let cases = [
        (
            json!({ "idp_sso_url": "http://idp.example/sso" }),
            "saml_connection_idp_sso_url_not_https",
        ),
        (
            json!({ "idp_sso_url": "idp" }),
            "saml_connection_idp_sso_url_invalid_format",
        ),
        (
            json!({ "x509_certificate": "MIIB" }),
            "invalid_x509_certificate",
        ),
        (json!({ "identity_provider": "unknown" }), "invalid_sso_idp"),
        (
            json!({ "attribute_mapping": { "full_name": "name" } }),
            "saml_connection_email_mapping_required",
        ),
        (
            json!({ "attribute_mapping": { "email": "email" } }),
            "saml_connection_name_mapping_required",
        ),
        (
            json!({ "attribute_mapping": { "email": {} } }),
            "saml_connection_no_nested_keys_in_attribute_mapping",
        ),
        (
            json!({ "signing_private_key": "key" }),
            "saml_signing_private_key_invalid",
        ),
        (
            json!({ "saml_connection_implicit_role_assignments": role("unknown") }),
            "invalid_rbac_role_id",
        ),
        (
            json!({ "saml_connection_implicit_role_assignments": role("stytch_member") }),
            "cannot_assign_default_rbac_role_id",
        ),
        (
            json!({ "saml_group_implicit_role_assignments": role("stytch_admin") }),
            "saml_group_role_assignment_does_not_contain_member_group",
        ),
    ];
    for (body, error) in cases {
        stand.b2b(&route, body).refused(400, error);
    }
    let foreign = json!({ "metadata_url": "https://idp.example/metadata" });
    stand
        .b2b(&format!("{route}/url"), foreign)
        .refused(400, "invalid_saml_metadata_url");
    let other = stand.emulator.snapshot();
    let state =
        |text: &str| serde_json::from_str::<Value>(text).unwrap()["state"]["projects"].take();
    assert_eq!(state(&before), state(&other));
}

#[test]
fn a_connection_has_at_most_five_certificates_and_keeps_its_last_one() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let id = saml_connection(&mut stand, &acme, METADATA);
    let route = format!("PUT /v1/b2b/sso/saml/{acme}/connections/{id}/url");
    for number in [1, 2, 3, 4, 5] {
        let url = format!("http://127.0.0.1/_emulator/idp/{number}/metadata");
        stand.b2b(&route, json!({ "metadata_url": url })).ok();
    }
    let sixth = json!({ "metadata_url": "http://127.0.0.1/_emulator/idp/6/metadata" });
    stand
        .b2b(&route, sixth)
        .refused(400, "too_many_sso_verification_certificates");
    let list = format!("GET /v1/b2b/sso/{acme}");
    let listed = stand.b2b(&list, Value::Null).ok();
    let certificates = listed.body["saml_connections"][0]["verification_certificates"].clone();
    let certificates = certificates.as_array().unwrap();
    assert_eq!(certificates.len(), 5);
    let delete =
        format!("DELETE /v1/b2b/sso/saml/{acme}/connections/{id}/verification_certificates");
    for (index, certificate) in certificates.iter().enumerate() {
        let certificate_id = certificate["certificate_id"].as_str().unwrap();
        let deleted = stand.b2b(&format!("{delete}/{certificate_id}"), Value::Null);
        match index {
            4 => deleted.refused(400, "cannot_delete_last_sso_verification_key"),
            _ => drop(deleted.ok()),
        }
    }
    let unknown = format!("{delete}/unknown");
    stand
        .b2b(&unknown, Value::Null)
        .refused(404, "sso_verification_key_not_found");
}

#[test]
fn the_default_connection_is_deleted_last() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let first = saml_connection(&mut stand, &acme, METADATA);
    let second = saml_connection(&mut stand, &acme, METADATA);
    let delete = format!("DELETE /v1/b2b/sso/{acme}/connections");
    stand
        .b2b(&format!("{delete}/{first}"), Value::Null)
        .refused(400, "cannot_delete_default_sso_connection");
    let route = format!("PUT /v1/b2b/organizations/{acme}");
    let unknown = json!({ "sso_default_connection_id": "saml-connection-test-1" });
    stand
        .b2b(&route, unknown)
        .refused(400, "invalid_sso_default_connection_id");
    let change = json!({
        "sso_default_connection_id": second,
        "sso_jit_provisioning_allowed_connections": [first, second],
    });
    stand.b2b(&route, change).ok();
    stand.b2b(&format!("{delete}/{first}"), Value::Null).ok();
    let organization = organization_of(&mut stand, &acme);
    assert_eq!(
        organization["sso_jit_provisioning_allowed_connections"],
        json!([second])
    );
    stand.b2b(&format!("{delete}/{second}"), Value::Null).ok();
    let organization = organization_of(&mut stand, &acme);
    assert_eq!(organization["sso_default_connection_id"], Value::Null);
    stand
        .b2b(&format!("{delete}/{second}"), Value::Null)
        .refused(404, "sso_connection_not_found");
}

#[test]
fn a_connection_belongs_to_its_organization_and_type() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let globex = stand.organization("globex");
    let id = saml_connection(&mut stand, &acme, METADATA);
    let route = format!("PUT /v1/b2b/sso/saml/{globex}/connections/{id}");
    stand
        .b2b(&route, json!({}))
        .refused(404, "saml_connection_not_found");
    let route = format!("PUT /v1/b2b/sso/oidc/{acme}/connections/{id}");
    stand
        .b2b(&route, json!({}))
        .refused(404, "oidc_connection_not_found");
    let create = format!("POST /v1/b2b/sso/external/{globex}");
    let external = |organization: &str, connection: &str| json!({ "external_organization_id": organization, "external_connection_id": connection });
    stand
        .b2b(
            &format!("POST /v1/b2b/sso/external/{acme}"),
            external(&acme, &id),
        )
        .refused(400, "external_organization_id_same_as_organization_id");
    stand
        .b2b(&create, external(&acme, "unknown"))
        .refused(404, "external_connection_id_not_found");
    let created = stand.b2b(&create, external(&acme, &id)).ok();
    assert_eq!(created.body["connection"]["status"], "active");
    stand
        .b2b(&create, external(&acme, &id))
        .refused(400, "duplicate_external_sso_connection");
    let snapshot = stand.emulator.snapshot();
    stand
        .b2b(
            &format!("DELETE /v1/b2b/organizations/{globex}"),
            Value::Null,
        )
        .ok();
    stand.emulator.restore(&snapshot).unwrap();
    let listed = stand
        .b2b(&format!("GET /v1/b2b/sso/{globex}"), Value::Null)
        .ok();
    assert_eq!(
        listed.body["external_connections"][0],
        created.body["connection"]
    );
}

#[test]
fn an_oidc_connection_reads_the_configuration_of_the_emulators_providers() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let created = stand
        .b2b(&format!("POST /v1/b2b/sso/oidc/{acme}"), json!({}))
        .ok();
    let id = created.text("/connection/connection_id");
    let route = format!("PUT /v1/b2b/sso/oidc/{acme}/connections/{id}");
    let outside = stand
        .b2b(&route, json!({ "issuer": "https://issuer.example" }))
        .ok();
    assert!(outside.body["warning"].is_string());
    let own = json!({
        "issuer": "http://127.0.0.1:4010/_emulator/idp/2",
        "client_id": "acme",
        "client_secret": "secret",
        "token_url": "https://issuer.example/token",
    });
    let changed = stand.b2b(&route, own).ok();
    assert_eq!(changed.body["warning"], Value::Null);
    let connection = &changed.body["connection"];
    assert_eq!(connection["status"], "active");
    assert_eq!(connection["token_url"], "https://issuer.example/token");
    assert_eq!(
        connection["jwks_url"],
        "http://127.0.0.1:4010/_emulator/idp/2/jwks"
    );
    stand
        .b2b(&route, json!({ "jwks_url": "x" }))
        .refused(400, "oidc_connection_jwks_url_invalid_format");
}
