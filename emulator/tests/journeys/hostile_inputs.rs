//! Inputs that are small, but whose evaluation would need much memory, time or stack.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::saml_signer::{ask, assertion, form, response, sign, sign_with};
use super::sso_browser::{post, refused, stand};
use super::stand::{Answer, Stand, request};

#[test]
fn xml_with_too_many_levels_is_refused() {
    let (mut stand, _, connection) = stand();
    let asked = ask(&mut stand, &connection);
    let deep = format!("{}{}", "<a>".repeat(60_000), "</a>".repeat(60_000));
    let plain = assertion(&asked).replace("</saml:Assertion>", &format!("{deep}</saml:Assertion>"));
    for xml in [
        response(&asked, &sign(&plain, "_a")),
        sign(&response(&asked, &plain), "_r"),
    ] {
        let signed = form(&asked, &xml);
        refused(&post(&mut stand, &signed), "invalid_saml_response");
        let shield = stand.form("/v1/saml/validate", &[("SAMLResponse", &signed.response)]);
        assert_eq!(shield.status, 400, "{}", shield.body);
    }
}

#[test]
fn xml_with_too_many_elements_or_namespaces_is_refused() {
    let (mut stand, _, connection) = stand();
    let asked = ask(&mut stand, &connection);
    let many = "<a></a>".repeat(30_000);
    let namespaces: String = (100..200).map(|n| format!(" xmlns:n{n}=\"n\"")).collect();
    let attributes: String = (0..30_000).map(|n| format!(" a{n}=\"\"")).collect();
    let whole = assertion(&asked);
    for content in [
        many,
        format!("<a{namespaces}></a>"),
        format!("<a{attributes}></a>"),
    ] {
        let end = format!("{content}</saml:Assertion>");
        let content = whole.replace("</saml:Assertion>", &end);
        let xml = response(&asked, &sign(&content, "_a"));
        let answer = post(&mut stand, &form(&asked, &xml));
        refused(&answer, "invalid_saml_response");
    }
    // A signature that lists more prefixes than SAML needs.
    let list = "p ".repeat(1000);
    let prefixes = format!(
        "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"></ec:InclusiveNamespaces></ds:Transform></ds:Transforms>"
    );
    let listed = |info: String| info.replace("</ds:Transform></ds:Transforms>", &prefixes);
    let xml = response(&asked, &sign_with(&whole, "_a", &listed));
    let answer = post(&mut stand, &form(&asked, &xml));
    refused(&answer, "invalid_signature_saml_response");
}

const USERS: &str = "/Users";

/// Sends a request of the directory of a new organization.
fn directory(stand: &mut Stand) -> impl FnMut(&mut Stand, &str, Value) -> Answer + use<> {
    let acme = stand.organization("acme");
    let route = format!("POST /v1/b2b/scim/{acme}/connection");
    let created = stand
        .b2b(&route, json!({ "identity_provider": "okta" }))
        .ok();
    let id = created.text("/connection/connection_id");
    let header = format!("Bearer {}", created.text("/connection/bearer_token"));
    move |stand, call, body| {
        let (method, path) = call.split_once(' ').unwrap();
        let mut request = request(&format!("{method} /v1/b2b/scim/{id}{path}"), None, body);
        let header = ("Authorization".to_owned(), header.clone());
        request.headers.push(header);
        stand.send(request)
    }
}

#[test]
fn a_long_filter_of_a_directory_is_refused() {
    let mut stand = Stand::new();
    let mut send = directory(&mut stand);
    let user = json!({ "userName": "ada@acme.example" });
    let id = send(&mut stand, "POST /Users", user).ok().text("/id");
    let filter = format!("{}a pr", "a pr or ".repeat(100_000));
    let path = format!("emails[{filter}]");
    let body = json!({ "Operations": [{ "op": "remove", "path": path }] });
    let refused = send(&mut stand, &format!("PATCH {USERS}/{id}"), body);
    assert_eq!(
        (refused.status, refused.text("/scimType").as_str()),
        (400, "invalidFilter")
    );
    let query: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    let refused = send(
        &mut stand,
        &format!("GET /Users?filter={query}"),
        Value::Null,
    );
    assert_eq!(refused.status, 400);
}

#[test]
fn a_patch_cannot_multiply_its_values() {
    let mut stand = Stand::new();
    let mut send = directory(&mut stand);
    let user = json!({ "userName": "ada@acme.example" });
    let id = send(&mut stand, "POST /Users", user).ok().text("/id");
    let list = json!(vec![json!({}); 100]);
    let set = |path: &str| json!({ "op": "add", "path": path, "value": list });
    let body = json!({ "Operations": [set("a"), set("a.b"), set("a.b.c")] });
    let refused = send(&mut stand, &format!("PATCH {USERS}/{id}"), body);
    assert_eq!(
        (refused.status, refused.text("/scimType").as_str()),
        (400, "invalidValue")
    );
    let body = json!({ "Operations": [set("a"), set("a.b")] });
    send(&mut stand, &format!("PATCH {USERS}/{id}"), body).ok();
}

#[test]
fn a_hash_that_needs_gigabytes_or_hours_is_refused() {
    let mut stand = Stand::new();
    let mut migrate = |more: Value| {
        let mut body = json!({ "email": "ada@example.com" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        stand.consumer("POST /v1/passwords/migrate", body)
    };
    let two_gibibytes = "$argon2id$v=19$m=2097152,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";
    migrate(json!({ "hash_type": "argon_2id", "hash": two_gibibytes }))
        .refused(400, "invalid_argon_2_memory");
    // The number of iterations counts for each block of the output.
    let output = STANDARD.encode([0; 3200]);
    let config = json!({ "salt": "c2FsdA==", "iteration_amount": 1_000_000, "key_length": 3200 });
    migrate(json!({ "hash_type": "pbkdf_2", "hash": output, "pbkdf_2_config": config }))
        .refused(400, "invalid_pbkdf_2_iteration_amount");
}

#[test]
fn a_long_address_or_signature_of_a_wallet_is_refused() {
    let mut stand = Stand::new();
    let long = "2".repeat(400_000);
    let body = json!({ "crypto_wallet_type": "solana", "crypto_wallet_address": long });
    stand
        .consumer("POST /v1/crypto_wallets/authenticate/start", body)
        .refused(400, "invalid_solana_address");
    let address = bs58::encode([0; 32]).into_string();
    let mut body = json!({ "crypto_wallet_type": "solana", "crypto_wallet_address": address });
    stand
        .consumer("POST /v1/crypto_wallets/authenticate/start", body.clone())
        .ok();
    body["signature"] = long.into();
    stand
        .consumer("POST /v1/crypto_wallets/authenticate", body)
        .refused(400, "signature_is_incorrect_size");
}

#[test]
fn an_identity_provider_continues_only_at_web_pages() {
    let mut stand = Stand::new();
    for (page, field) in [("saml", "acs_url"), ("authorize", "redirect_uri")] {
        for url in [
            "javascript://a.example/%0aalert(1)",
            "data://a.example/",
            "no url",
        ] {
            let form = [(field, url), ("email", "ada@acme.example")];
            let refused = stand.form(&format!("/_emulator/idp/1/{page}"), &form);
            assert_eq!(refused.status, 400, "{url}");
        }
    }
}
