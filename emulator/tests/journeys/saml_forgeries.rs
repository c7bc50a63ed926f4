//! SAML responses that a trusted identity provider has signed, and that the service provider must refuse: each has one
//! flaw, in the assertion, in the response or in the signature.

use serde_json::{Value, json};

use super::saml_signer::{Asked, ISSUER, ask, assertion, form, response, sign, sign_with, trust};
use super::sso_browser::{browse, location, param, post, refused, stand, token};
use super::sso_connections::{METADATA, saml_connection};
use super::stand::Stand;

const INVALID: &str = "invalid_saml_response";
const SIGNATURE: &str = "invalid_signature_saml_response";

/// A stand whose connection trusts the signer, and a request.
fn asked() -> (Stand, Asked) {
    let (mut stand, acme, connection) = stand();
    trust(&mut stand, &acme, &connection);
    let asked = ask(&mut stand, &connection);
    (stand, asked)
}

#[track_caller]
fn refuse(stand: &mut Stand, asked: &Asked, xml: &str, error_type: &str) {
    refused(&post(stand, &form(asked, xml)), error_type);
}

#[track_caller]
fn accept(stand: &mut Stand, asked: &Asked, xml: &str) {
    location(&post(stand, &form(asked, xml)));
}

/// Replaces a text that must occur.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn a_signed_assertion_with_a_flaw_is_refused() {
    let (mut stand, asked) = asked();
    let whole = assertion(&asked);
    let (start, end) = (asked.now.rfc3339(), asked.now.plus_seconds(300).rfc3339());
    let past = asked.now.plus_seconds(-61).rfc3339();
    let of_conditions = |name: &str, from: &str, to: &str| {
        let conditions = format!("<saml:Conditions NotBefore=\"{start}\" NotOnOrAfter=\"{end}\">");
        let changed = replaced(&conditions, &format!("{name}=\"{from}\""), to);
        replaced(&whole, &conditions, &changed)
    };
    let of_confirmation = |to: &str| {
        replaced(
            &whole,
            &format!("NotOnOrAfter=\"{end}\" Recipient"),
            &format!("{to}Recipient"),
        )
    };
    let audience = format!("<saml:Audience>{}</saml:Audience>", asked.acs_url);
    let change = |from: &str, to: &str| replaced(&whole, from, to);
    let cases = [
        (change(ISSUER, "https://other.example"), INVALID),
        (
            change(
                &format!("InResponseTo=\"{}\"", asked.request_id),
                "InResponseTo=\"_other\"",
            ),
            "unsolicited_saml_response",
        ),
        (
            change(&format!("InResponseTo=\"{}\" ", asked.request_id), ""),
            "unsolicited_saml_response",
        ),
        (
            of_confirmation(&format!("NotOnOrAfter=\"{past}\" ")),
            "expired_saml_response",
        ),
        (of_confirmation(""), INVALID),
        (
            of_conditions("NotOnOrAfter", &end, &format!("NotOnOrAfter=\"{past}\"")),
            "expired_saml_response",
        ),
        (
            of_conditions("NotBefore", &start, &format!("NotBefore=\"{end}\"")),
            "not_yet_valid_saml_response",
        ),
        (
            of_conditions("NotBefore", &start, "NotBefore=\"now\""),
            INVALID,
        ),
        (
            change(
                &audience,
                "<saml:Audience>https://other.example</saml:Audience>",
            ),
            "invalid_audience_saml_response",
        ),
        (
            change(
                &format!("<saml:AudienceRestriction>{audience}</saml:AudienceRestriction>"),
                "",
            ),
            "invalid_audience_saml_response",
        ),
        // Each restriction must name the service provider (SAML 2.0 core, section 2.5.1.4).
        (
            change(
                "</saml:Conditions>",
                "<saml:AudienceRestriction><saml:Audience>https://other.example</saml:Audience></saml:AudienceRestriction></saml:Conditions>",
            ),
            "invalid_audience_saml_response",
        ),
        (
            change(
                &format!("Recipient=\"{}\"", asked.acs_url),
                "Recipient=\"https://other.example\"",
            ),
            INVALID,
        ),
        (
            change(&format!(" Recipient=\"{}\"", asked.acs_url), ""),
            INVALID,
        ),
        (change("cm:bearer", "cm:holder-of-key"), INVALID),
        (
            change("<saml:NameID>ada@acme", "<saml:NameID>ada<b></b>@acme"),
            INVALID,
        ),
        (
            change("<saml:NameID>ada@acme", "<saml:NameID>ada<?a b?>@acme"),
            INVALID,
        ),
    ];
    for (changed, error_type) in cases {
        let xml = response(&asked, &sign(&changed, "_a"));
        refuse(&mut stand, &asked, &xml, error_type);
    }
    accept(&mut stand, &asked, &response(&asked, &sign(&whole, "_a")));
}

#[test]
fn a_response_with_a_flaw_around_its_signed_assertion_is_refused() {
    let (mut stand, asked) = asked();
    let signed = sign(&assertion(&asked), "_a");
    let whole = response(&asked, &signed);
    let change = |from: &str, to: &str| replaced(&whole, from, to);
    let extended = |extension: &str| {
        change(
            "</samlp:Status>",
            &format!("</samlp:Status><samlp:Extensions>{extension}</samlp:Extensions>"),
        )
    };
    let in_response_to = format!("InResponseTo=\"{}\" IssueInstant", asked.request_id);
    let envelope = whole.replace("samlp:Response", "samlp:Envelope");
    for (xml, error_type) in [
        (
            change(&in_response_to, "IssueInstant"),
            "unsolicited_saml_response",
        ),
        (
            change(&in_response_to, "InResponseTo=\"_other\" IssueInstant"),
            "unsolicited_saml_response",
        ),
        (change(ISSUER, "https://other.example"), INVALID),
        // The first assertion of the document is not a part of the response itself.
        (
            response(
                &asked,
                &format!("<samlp:Extensions>{signed}</samlp:Extensions>"),
            ),
            INVALID,
        ),
        (extended("<samlp:Response></samlp:Response>"), INVALID),
        (
            envelope.replacen(
                "</samlp:Status>",
                "</samlp:Status><samlp:Response></samlp:Response>",
                1,
            ),
            INVALID,
        ),
        (extended("<a ID=\"_1\"></a><a ID=\"_1\"></a>"), INVALID),
        // The signature could mean this element.
        (extended("<a Id=\"_a\"></a>"), SIGNATURE),
    ] {
        refuse(&mut stand, &asked, &xml, error_type);
    }
    // A comment is not a part of the canonical form, so the signature is valid.
    let other = replaced(
        &assertion(&asked),
        "acme.example</saml:NameID>",
        "acme.example.evil</saml:NameID>",
    );
    let other = response(&asked, &sign(&other, "_a"));
    let commented = replaced(
        &other,
        "acme.example.evil</saml:NameID>",
        "acme.example<!-- -->.evil</saml:NameID>",
    );
    let shield = |stand: &mut Stand, xml: &str| {
        let response = form(&asked, xml).response;
        stand
            .form("/v1/saml/validate", &[("SAMLResponse", &response)])
            .status
    };
    assert_eq!(shield(&mut stand, &commented), 400);
    assert_eq!(shield(&mut stand, &other), 200);
    assert_eq!(shield(&mut stand, &whole), 200);
    accept(&mut stand, &asked, &whole);
}

#[test]
fn a_signature_of_another_form_is_refused() {
    let (mut stand, asked) = asked();
    let whole = assertion(&asked);
    let reference = |info: &str| {
        let (start, end) = (
            info.find("<ds:Reference").unwrap(),
            info.find("</ds:Reference>").unwrap(),
        );
        info[start..end].to_owned() + "</ds:Reference>"
    };
    let changes: [(&str, &dyn Fn(String) -> String); 8] = [
        ("SHA-1", &|info| {
            replaced(
                &info,
                "2001/04/xmldsig-more#rsa-sha256",
                "2000/09/xmldsig#rsa-sha1",
            )
        }),
        ("digest", &|info| {
            replaced(&info, "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1")
        }),
        ("inclusive canonicalization", &|info| {
            replaced(
                &info,
                "2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>",
                "TR/2001/REC-xml-c14n-20010315\"></ds:CanonicalizationMethod>",
            )
        }),
        ("XPath", &|info| {
            replaced(
                &info,
                "</ds:Transforms>",
                "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform></ds:Transforms>",
            )
        }),
        ("the whole document", &|info| {
            replaced(&info, "URI=\"#_a\"", "URI=\"\"")
        }),
        ("another element", &|info| {
            replaced(&info, "URI=\"#_a\"", "URI=\"#_r\"")
        }),
        ("two references", &|info| {
            let known = reference(&info);
            replaced(&info, &known, &format!("{known}{known}"))
        }),
        ("no reference", &|info| {
            let known = reference(&info);
            replaced(&info, &known, "")
        }),
    ];
    for (name, change) in changes {
        let xml = response(&asked, &sign_with(&whole, "_a", change));
        let answer = post(&mut stand, &form(&asked, &xml));
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(body.contains(SIGNATURE), "{name}: {body}");
    }
    let signed = sign(&whole, "_a");
    let (_, rest) = signed.split_once("<ds:Signature ").unwrap();
    let (signature, _) = rest.split_once("</ds:Signature>").unwrap();
    let signature = format!("<ds:Signature {signature}</ds:Signature>");
    let twice = replaced(&signed, &signature, &format!("{signature}{signature}"));
    refuse(&mut stand, &asked, &response(&asked, &twice), SIGNATURE);
    accept(&mut stand, &asked, &response(&asked, &signed));
}

#[test]
fn each_signature_of_a_response_must_be_valid() {
    let (mut stand, asked) = asked();
    let plain = assertion(&asked);
    let signed = sign(&plain, "_a");
    // The response is signed correctly, and the assertion has been changed before.
    let changed = replaced(&signed, "ada@acme.example", "eve@acme.example");
    let xml = sign(&response(&asked, &changed), "_r");
    refuse(&mut stand, &asked, &xml, SIGNATURE);
    // The assertion is signed correctly, and the response has been changed after.
    let xml = sign(&response(&asked, &signed), "_r");
    let xml = replaced(
        &xml,
        "Version=\"2.0\"><saml:Issuer xmlns",
        "Version=\"2.1\"><saml:Issuer xmlns",
    );
    refuse(&mut stand, &asked, &xml, SIGNATURE);
    // Both signatures are valid, or there is one.
    let fresh = stand.emulator.clone();
    accept(&mut stand, &asked, &sign(&response(&asked, &signed), "_r"));
    stand.emulator = fresh;
    accept(&mut stand, &asked, &sign(&response(&asked, &plain), "_r"));
}

#[test]
fn a_connection_that_is_not_active_accepts_no_response() {
    let (mut stand, acme, connection) = stand();
    let route = format!("POST /v1/b2b/sso/saml/{acme}");
    let pending = stand
        .b2b(&route, json!({}))
        .ok()
        .text("/connection/connection_id");
    let asked = ask(&mut stand, &connection);
    let mut signed = form(&asked, &response(&asked, &sign(&assertion(&asked), "_a")));
    signed.acs_url = signed.acs_url.replace(&connection, &pending);
    let answer = post(&mut stand, &signed);
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(body.contains("saml_connection_not_found"), "{body}");
}

#[test]
fn a_request_belongs_to_its_connection() {
    let (mut stand, acme, connection) = stand();
    let other = saml_connection(&mut stand, &acme, METADATA);
    for id in [&connection, &other] {
        trust(&mut stand, &acme, id);
    }
    let asked = ask(&mut stand, &connection);
    // The response is made for the other connection, but it answers the request of the first one.
    let elsewhere = Asked {
        acs_url: asked.acs_url.replace(&connection, &other),
        ..asked
    };
    let xml = response(&elsewhere, &sign(&assertion(&elsewhere), "_a"));
    refuse(&mut stand, &elsewhere, &xml, "unsolicited_saml_response");
}

#[test]
fn an_account_belongs_to_its_connection() {
    let (mut stand, acme, connection) = stand();
    let other = saml_connection(&mut stand, &acme, METADATA);
    let mut log_in = |connection: &str, email: &str| {
        let user = [("email", email), ("name", "Ada"), ("name_id", "7")];
        let token = token(&mut stand, connection, &user);
        let body = json!({ "sso_token": token });
        let done = stand.b2b("POST /v1/b2b/sso/authenticate", body).ok();
        done.text("/member_id")
    };
    let ada = log_in(&connection, "ada@acme.example");
    let bob = log_in(&other, "bob@acme.example");
    assert_ne!(ada, bob);
    assert_eq!(log_in(&connection, "new@acme.example"), ada);
}

#[test]
fn an_account_with_another_address_does_not_verify_that_of_the_member() {
    let (mut stand, acme, connection) = stand();
    let log_in = |stand: &mut Stand| {
        let user = [("email", "ada@acme.example"), ("name", "Ada")];
        let token = token(stand, &connection, &user);
        let body = json!({ "sso_token": token });
        stand.b2b("POST /v1/b2b/sso/authenticate", body).ok()
    };
    let member = log_in(&mut stand).text("/member_id");
    let route = format!("PUT /v1/b2b/organizations/{acme}/members/{member}");
    let moved = json!({ "email_address": "ada@new.example" });
    stand.b2b(&route, moved).ok();
    let again = log_in(&mut stand);
    assert_eq!(again.text("/member_id"), member);
    assert_eq!(again.body["member"]["email_address_verified"], false);
}

#[test]
fn a_method_that_the_organization_forbids_does_not_verify_the_address() {
    let (mut stand, acme, connection) = stand();
    let route = format!("PUT /v1/b2b/organizations/{acme}");
    let only_passwords =
        json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
    stand.b2b(&route, only_passwords).ok();
    let user = [("email", "ada@acme.example"), ("name", "Ada")];
    let token = token(&mut stand, &connection, &user);
    let done = stand
        .b2b(
            "POST /v1/b2b/sso/authenticate",
            json!({ "sso_token": token }),
        )
        .ok();
    assert_eq!(done.body["member_authenticated"], false);
    assert_eq!(done.body["member"]["email_address_verified"], false);
}

#[test]
fn an_openid_provider_redeems_a_code_once_for_its_client() {
    let mut stand = Stand::new();
    let provider = "/_emulator/idp/1";
    let uri = ("redirect_uri", "https://acme.example/");
    let user = [("client_id", "acme"), uri, ("email", "ada@acme.example")];
    let page = format!("{provider}/authorize");
    let code = param(&location(&browse(&mut stand, "POST", &page, &user)), "code");
    let mut redeem = |provider: &str, client_id: &str, code: &str, uri: &[(&str, &str)]| {
        let mut form = vec![("client_id", client_id), ("code", code)];
        form.extend(uri);
        let answer = browse(&mut stand, "POST", &format!("{provider}/token"), &form);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["access_token"].as_str().map(str::to_owned)
    };
    let other_uri = ("redirect_uri", "https://other.example/");
    for refused in [
        redeem(provider, "acme", "unknown", &[uri]),
        redeem(provider, "other", &code, &[uri]),
        redeem(provider, "acme", &code, &[other_uri]),
        redeem("/_emulator/idp/2", "acme", &code, &[uri]),
    ] {
        assert_eq!(refused, None);
    }
    let access_token = redeem(provider, "acme", &code, &[uri]).unwrap();
    assert_eq!(redeem(provider, "acme", &code, &[uri]), None);
    // An access token is not a code.
    assert_eq!(redeem(provider, "acme", &access_token, &[]), None);
}
