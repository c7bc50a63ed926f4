//! An identity provider of the tests, which signs every assertion, also a wrong one: the emulator's own identity providers
//! sign only correct assertions. Shares no code with the emulator.
//!
//! Each element is written in its canonical form (exclusive canonicalization), so the text itself is signed.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey};
use rsa::sha2::{Digest as _, Sha256};
use rsa::signature::{Keypair as _, SignatureEncoding as _, Signer as _};
use serde_json::json;
use stytch_emulator::UnixSeconds;
use x509_cert::builder::{Builder as _, CertificateBuilder, Profile};
use x509_cert::der::Encode as _;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

use super::sso_browser::{ORIGIN, Signed, browse, hidden, location, start_url};
use super::stand::Stand;

static KEY: LazyLock<SigningKey<Sha256>> = LazyLock::new(|| {
    let mut rng =
        <rand_chacha::ChaCha20Rng as rand_chacha::rand_core::SeedableRng>::seed_from_u64(2);
    SigningKey::new(RsaPrivateKey::new(&mut rng, 2048).unwrap())
});

/// The entity ID of the connection of the tests.
pub const ISSUER: &str = "http://127.0.0.1:4010/_emulator/idp/1";

/// The request that a response answers, and the connection.
pub struct Asked {
    pub acs_url: String,
    pub request_id: String,
    pub relay_state: String,
    pub now: UnixSeconds,
}

/// Adds the certificate of the signer to a connection.
pub fn trust(stand: &mut Stand, organization_id: &str, connection_id: &str) {
    let public = KEY.verifying_key().as_ref().clone();
    let key = SubjectPublicKeyInfoOwned::from_key(public).unwrap();
    let day = std::time::Duration::from_secs(86_400);
    let validity = Validity::from_now(day).unwrap();
    let name = "CN=tests".parse().unwrap();
    let serial = SerialNumber::from(1_u32);
    let signer = &*KEY;
    let builder = CertificateBuilder::new(Profile::Root, serial, validity, name, key, signer);
    let certificate = builder.unwrap().build::<Signature>().unwrap();
    let der = STANDARD.encode(certificate.to_der().unwrap());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
    let route = format!("PUT /v1/b2b/sso/saml/{organization_id}/connections/{connection_id}");
    stand.b2b(&route, json!({ "x509_certificate": pem })).ok();
}

/// Starts a log-in at the service provider.
pub fn ask(stand: &mut Stand, connection_id: &str) -> Asked {
    let page = location(&browse(stand, "GET", &start_url(connection_id, ""), &[]));
    let shown = browse(stand, "GET", &page, &[]);
    Asked {
        acs_url: format!("{ORIGIN}/v1/b2b/sso/callback/{connection_id}"),
        request_id: hidden(&shown, "in_response_to"),
        relay_state: hidden(&shown, "RelayState"),
        now: stand.now,
    }
}

/// Returns an assertion without a signature. Its ID is `_a`.
pub fn assertion(asked: &Asked) -> String {
    let (start, end) = (asked.now.rfc3339(), asked.now.plus_seconds(300).rfc3339());
    let Asked {
        acs_url,
        request_id,
        ..
    } = asked;
    format!(
        r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" IssueInstant="{start}" Version="2.0"><saml:Issuer>{ISSUER}</saml:Issuer><saml:Subject><saml:NameID>ada@acme.example</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{request_id}" NotOnOrAfter="{end}" Recipient="{acs_url}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{start}" NotOnOrAfter="{end}"><saml:AudienceRestriction><saml:Audience>{acs_url}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>ada@acme.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"#
    )
}

/// Returns a response with this content after its status. Its ID is `_r`.
pub fn response(asked: &Asked, content: &str) -> String {
    let Asked {
        acs_url,
        request_id,
        now,
        ..
    } = asked;
    let start = now.rfc3339();
    format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="{acs_url}" ID="_r" InResponseTo="{request_id}" IssueInstant="{start}" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{ISSUER}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>{content}</samlp:Response>"#
    )
}

/// Signs an element with this ID: inserts the signature after its issuer.
pub fn sign(element: &str, id: &str) -> String {
    sign_with(element, id, &|info| info)
}

/// Signs an element. `change` changes the `SignedInfo` before it is signed.
pub fn sign_with(element: &str, id: &str, change: &dyn Fn(String) -> String) -> String {
    let digest = STANDARD.encode(Sha256::digest(element));
    let info = format!(
        r##"<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"##
    );
    let info = change(info);
    let value = STANDARD.encode(KEY.sign(info.as_bytes()).to_vec());
    // In the document, the signature declares the prefix.
    let info = info.replacen(" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "", 1);
    let signature = format!(
        r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"#
    );
    element.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

/// Returns the form with which a browser posts a response.
pub fn form(asked: &Asked, xml: &str) -> Signed {
    Signed {
        acs_url: asked.acs_url.clone(),
        response: STANDARD.encode(xml),
        relay_state: asked.relay_state.clone(),
    }
}
