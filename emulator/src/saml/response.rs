//! Responses of identity providers (SAML 2.0 core, section 3.3.3; profiles, section 4.1.4.3): parsing and validation.
//!
//! Assumptions: clocks may differ by 60 seconds. Encrypted assertions are not supported.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};
use rsa::RsaPublicKey;

use super::signature::{self, Flaw};
use super::{ASSERTION, BEARER, PROTOCOL, SUCCESS, document};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};

/// What the service provider expects of a response.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) keys: &'a [RsaPublicKey],
    pub(crate) audiences: &'a [&'a str],
    pub(crate) recipients: &'a [&'a str],
    /// The id of the request. `None` if the identity provider started the log-in.
    pub(crate) in_response_to: Option<&'a str>,
    pub(crate) now: UnixSeconds,
}

/// The content of an assertion whose signature has been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VerifiedAssertion {
    pub(crate) id: String,
    pub(crate) name_id: String,
    pub(crate) attributes: BTreeMap<String, Vec<String>>,
    /// The time until which the assertion must be remembered, so that it works once.
    pub(crate) expires_at: UnixSeconds,
}

/// Decodes the form field `SAMLResponse` into XML.
pub(crate) fn decode(field: &str) -> Result<String, Failure> {
    let compact: String = field.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(compact).ok();
    let xml = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    xml.ok_or_else(|| errors::INVALID_XML_SAML_RESPONSE.failure())
}

/// Checks the structure of a response for known attacks, without a key: DTDs, several assertions, IDs that occur twice,
/// comments inside of values, and signatures that do not sign their own element.
pub(crate) fn validate_structure(xml: &str) -> Result<(), Failure> {
    let document = document::parse(xml)?;
    let (response, assertion) = parts(&document)?;
    let flaw = |element| signature::verify(element, &[]).err();
    let flaws = [flaw(response), flaw(assertion)].into_iter().flatten();
    let found: Vec<Flaw> = flaws.filter(|flaw| *flaw != Flaw::Missing).collect();
    match found.as_slice() {
        [] => Err(errors::MISSING_SIGNATURE_SAML_RESPONSE.failure()),
        // Without a key, only the last step of the verification can fail.
        found if found.iter().all(|flaw| *flaw == Flaw::WrongKey) => Ok(()),
        _ => Err(errors::INVALID_SIGNATURE_SAML_RESPONSE.failure()),
    }
}

/// Verifies a response and returns the content of its assertion.
pub(crate) fn verify(xml: &str, expected: &Expected) -> Result<VerifiedAssertion, Failure> {
    let document = document::parse(xml)?;
    let (response, assertion) = parts(&document)?;
    // One of the two must be signed. The assertion is then covered by the signature, because it is inside of the response.
    match (
        signature::verify(response, expected.keys),
        signature::verify(assertion, expected.keys),
    ) {
        (Ok(()), Ok(()) | Err(Flaw::Missing)) | (Err(Flaw::Missing), Ok(())) => {}
        (Err(Flaw::Missing), Err(Flaw::Missing)) => {
            return Err(errors::MISSING_SIGNATURE_SAML_RESPONSE.failure());
        }
        (Err(Flaw::WrongKey), _) | (_, Err(Flaw::WrongKey)) => {
            return Err(errors::SAML_CERTIFICATE_MISMATCH.failure());
        }
        _ => return Err(errors::INVALID_SIGNATURE_SAML_RESPONSE.failure()),
    }
    validate_status(response)?;
    // The response may omit its issuer (SAML 2.0 profiles, section 4.1.4.2).
    let of_response = elements(response, "Issuer").next();
    for issuer in of_response
        .into_iter()
        .chain([required(assertion, "Issuer")?])
    {
        if text(issuer)? != expected.issuer {
            return Err(invalid(
                "The issuer is not the entity ID of the connection.",
            ));
        }
    }
    validate_destination(response, expected)?;
    let expires_at = validate_conditions(assertion, expected)?;
    let subject = required(assertion, "Subject")?;
    validate_confirmation(subject, expected)?;
    Ok(VerifiedAssertion {
        id: attribute(assertion, "ID")?.to_owned(),
        name_id: text(required(subject, "NameID")?)?,
        attributes: attributes(assertion)?,
        expires_at,
    })
}

/// Returns the response and its only assertion. Another assertion anywhere in the document is refused, because the reader
/// of the application could choose it.
fn parts<'a, 'input>(
    document: &'a Document<'input>,
) -> Result<(Node<'a, 'input>, Node<'a, 'input>), Failure> {
    let response = document.root_element();
    if !response.has_tag_name((PROTOCOL, "Response")) {
        return Err(errors::INVALID_SAML_RESPONSE.failure());
    }
    let count = |namespace, name| {
        let nodes = document.descendants();
        nodes
            .filter(|node| node.has_tag_name((namespace, name)))
            .count()
    };
    if count(ASSERTION, "EncryptedAssertion") > 0 {
        return Err(invalid("The emulator does not decrypt assertions."));
    }
    if count(PROTOCOL, "Response") != 1 || count(ASSERTION, "Assertion") > 1 {
        return Err(invalid("The response has more than one assertion."));
    }
    let mut seen = BTreeSet::new();
    for id in document
        .descendants()
        .filter_map(|node| node.attribute("ID"))
    {
        if !seen.insert(id) {
            return Err(invalid("An ID occurs twice."));
        }
    }
    if document
        .descendants()
        .any(|node| node.is_comment() || node.is_pi())
    {
        return Err(invalid(
            "Comments and processing instructions are not accepted.",
        ));
    }
    let mut children = response.children();
    match children.find(|child| child.has_tag_name((ASSERTION, "Assertion"))) {
        Some(assertion) => Ok((response, assertion)),
        None => {
            validate_status(response)?;
            Err(invalid("The response does not have an assertion."))
        }
    }
}

fn validate_status(response: Node) -> Result<(), Failure> {
    let mut nodes = response.children();
    let status = nodes.find(|child| child.has_tag_name((PROTOCOL, "Status")));
    let code = status.and_then(|status| {
        let mut children = status.children();
        children.find(|child| child.has_tag_name((PROTOCOL, "StatusCode")))
    });
    match code.and_then(|code| code.attribute("Value")) {
        Some(SUCCESS) => Ok(()),
        _ => Err(errors::FAILED_SAML_RESPONSE.failure()),
    }
}

/// Validates the attributes of the response, which the signature of the assertion does not cover.
fn validate_destination(response: Node, expected: &Expected) -> Result<(), Failure> {
    let destination = response
        .attribute("Destination")
        .filter(|url| !url.is_empty());
    if destination.is_some_and(|url| !expected.recipients.contains(&url)) {
        return Err(invalid(
            "The destination is not the ACS URL of the connection.",
        ));
    }
    validate_request(response.attribute("InResponseTo"), expected)
}

fn validate_request(in_response_to: Option<&str>, expected: &Expected) -> Result<(), Failure> {
    match in_response_to == expected.in_response_to {
        true => Ok(()),
        false => Err(errors::UNSOLICITED_SAML_RESPONSE.failure()),
    }
}

/// Validates the time window and the audience. Returns the end of the window. Each restriction must name one of the
/// audiences (SAML 2.0 core, section 2.5.1.4).
fn validate_conditions(assertion: Node, expected: &Expected) -> Result<UnixSeconds, Failure> {
    let conditions = required(assertion, "Conditions")?;
    let end = end_of(conditions, expected)?;
    required(conditions, "AudienceRestriction")
        .map_err(|_| &errors::INVALID_AUDIENCE_SAML_RESPONSE)?;
    for restriction in elements(conditions, "AudienceRestriction") {
        let audiences = elements(restriction, "Audience").map(text);
        let audiences = audiences.collect::<Result<Vec<String>, Failure>>()?;
        let is_ours = |audience: &String| expected.audiences.contains(&audience.as_str());
        if !audiences.iter().any(is_ours) {
            return Err(errors::INVALID_AUDIENCE_SAML_RESPONSE.failure());
        }
    }
    Ok(end)
}

/// Validates the confirmation by the bearer (SAML 2.0 profiles, section 4.1.4.2).
fn validate_confirmation(subject: Node, expected: &Expected) -> Result<(), Failure> {
    let mut confirmations = elements(subject, "SubjectConfirmation");
    let confirmation = confirmations.find(|one| one.attribute("Method") == Some(BEARER));
    let confirmation =
        confirmation.ok_or_else(|| invalid("The subject has no bearer confirmation."))?;
    let data = required(confirmation, "SubjectConfirmationData")?;
    if !expected.recipients.contains(&attribute(data, "Recipient")?) {
        return Err(invalid(
            "The recipient is not the ACS URL of the connection.",
        ));
    }
    end_of(data, expected)?;
    validate_request(data.attribute("InResponseTo"), expected)
}

/// Validates `NotBefore` and `NotOnOrAfter`. The latter is required.
fn end_of(node: Node, expected: &Expected) -> Result<UnixSeconds, Failure> {
    let time = |name: &str| {
        let text = node.attribute(name);
        let time = text.map(|text| {
            UnixSeconds::parse_rfc3339(text).ok_or_else(|| invalid("A time is malformed."))
        });
        time.transpose()
    };
    if time("NotBefore")?.is_some_and(|start| expected.now.plus_seconds(SKEW_SECONDS) < start) {
        return Err(errors::NOT_YET_VALID_SAML_RESPONSE.failure());
    }
    let end = time("NotOnOrAfter")?.ok_or_else(|| invalid("The response has no end."))?;
    let end = end.plus_seconds(SKEW_SECONDS);
    match expected.now < end {
        true => Ok(end),
        false => Err(errors::EXPIRED_SAML_RESPONSE.failure()),
    }
}

fn attributes(assertion: Node) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in elements(assertion, "AttributeStatement") {
        for one in elements(statement, "Attribute") {
            let values = found.entry(attribute(one, "Name")?.to_owned()).or_default();
            for value in elements(one, "AttributeValue") {
                values.push(text(value)?);
            }
        }
    }
    Ok(found)
}

fn elements<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    let children = parent.children();
    children.filter(move |child| child.has_tag_name((ASSERTION, name)))
}

fn required<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> Result<Node<'a, 'input>, Failure> {
    let found = elements(parent, name).next();
    found.ok_or_else(|| invalid(&format!("The element {name} is missing.")))
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, Failure> {
    let value = node.attribute(name).filter(|value| !value.is_empty());
    value.ok_or_else(|| invalid(&format!("The attribute {name} is missing.")))
}

/// Returns the complete text of an element without child elements.
fn text(node: Node) -> Result<String, Failure> {
    if node.children().any(|child| !child.is_text()) {
        return Err(invalid("A value contains an element."));
    }
    let parts = node.children().filter_map(|child| child.text());
    Ok(parts.collect::<String>().trim().to_owned())
}

fn invalid(message: &str) -> Failure {
    errors::INVALID_SAML_RESPONSE.with_message(message)
}

const SKEW_SECONDS: i64 = 60;
