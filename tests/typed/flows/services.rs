//! Machines: their tokens, the checks of the tokens, and a change of the secret.

use stytch_edge::shared::{
    AuthenticateTokenRequest, M2MClientsCreateRequest, M2MClientsSecretsRotateRequest,
    M2MClientsSecretsRotateStartRequest, M2m, TokenRequest,
};

use super::stand::{Members, Users, ok, refused};

#[test]
fn a_machine_of_a_consumer_project_gets_a_token_and_changes_its_secret() {
    gets_a_token_and_changes_its_secret(&Users::new().client.m2m());
}

#[test]
fn a_machine_of_a_b2b_project_gets_a_token_and_changes_its_secret() {
    gets_a_token_and_changes_its_secret(&Members::new().client.m2m());
}

fn gets_a_token_and_changes_its_secret(m2m: &M2m) {
    let create = M2MClientsCreateRequest {
        client_name: Some("cron".into()),
        scopes: vec!["read:users".into(), "write:users".into()],
        ..Default::default()
    };
    let machine = ok(m2m.clients().create(&create)).m2m_client;
    let client_id = || machine.client_id.clone();
    let with = |client_secret: &str, scope: &str| TokenRequest {
        client_id: client_id(),
        client_secret: client_secret.into(),
        scopes: Some(vec![scope.into()]),
    };
    let foreign = with(&machine.client_secret, "delete:users");
    refused(m2m.token(&foreign), "invalid_scope");
    let first = with(&machine.client_secret, "read:users");
    let check = AuthenticateTokenRequest {
        access_token: ok(m2m.token(&first)).access_token,
        required_scopes: Some(vec!["read:users".into()]),
        ..Default::default()
    };
    let checked = ok(m2m.authenticate_token(&check));
    assert_eq!(checked.client_id, machine.client_id);
    assert_eq!(checked.scopes, ["read:users"]);

    let secrets = m2m.clients().secrets();
    let client_id = client_id();
    let start = M2MClientsSecretsRotateStartRequest { client_id };
    let next = ok(secrets.rotate_start(&start))
        .m2m_client
        .next_client_secret;
    let client_id = start.client_id;
    ok(secrets.rotate(&M2MClientsSecretsRotateRequest { client_id }));
    refused(m2m.token(&first), "invalid_client");
    assert_eq!(
        ok(m2m.token(&with(&next, "read:users"))).token_type,
        "bearer"
    );
}
