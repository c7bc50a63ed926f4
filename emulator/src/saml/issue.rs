//! The responses of the emulator's identity providers (SAML 2.0 core, section 3.3.3): one signed assertion.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{ASSERTION, BEARER, EMAIL_ADDRESS, PROTOCOL, SUCCESS, canonical, escape, signature};
use crate::clock::UnixSeconds;
use crate::identity_provider::IdentityProvider;

/// The content of a response.
pub(crate) struct Content<'a> {
    /// The id of the request. `None` if the identity provider starts the log-in.
    pub(crate) in_response_to: Option<&'a str>,
    pub(crate) acs_url: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) name_id: &'a str,
    /// Names and values. A name can occur more than once.
    pub(crate) attributes: &'a [(String, String)],
}

/// Returns the value of the form field `SAMLResponse`. `ids` are the ids of the response and of the assertion. The response
/// is valid for 5 minutes.
///
/// Returns `None` if the identity provider cannot sign.
pub(crate) fn response(
    provider: &IdentityProvider,
    content: &Content,
    [response_id, id]: [&str; 2],
    now: UnixSeconds,
) -> Option<String> {
    let issuer = escape(provider.url());
    let (issued, end) = (now.rfc3339(), now.plus_minutes(5).rfc3339());
    let (acs_url, audience) = (escape(content.acs_url), escape(content.audience));
    let name_id = escape(content.name_id);
    let in_response_to = content.in_response_to.map_or_else(String::new, |request| {
        format!(" InResponseTo=\"{}\"", escape(request))
    });
    let attributes: String = content
        .attributes
        .iter()
        .map(|(name, value)| {
            format!(
                "<saml:Attribute Name=\"{}\"><saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>",
                escape(name),
                escape(value)
            )
        })
        .collect();
    let head = format!(
        "<saml:Assertion xmlns:saml=\"{ASSERTION}\" ID=\"{id}\" IssueInstant=\"{issued}\" Version=\"2.0\"><saml:Issuer>{issuer}</saml:Issuer>"
    );
    let rest = format!(
        "<saml:Subject><saml:NameID Format=\"{EMAIL_ADDRESS}\">{name_id}</saml:NameID><saml:SubjectConfirmation Method=\"{BEARER}\"><saml:SubjectConfirmationData{in_response_to} NotOnOrAfter=\"{end}\" Recipient=\"{acs_url}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{issued}\" NotOnOrAfter=\"{end}\"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{issued}\" SessionIndex=\"{id}\"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
    );
    let unsigned = format!("{head}{rest}");
    let document = roxmltree::Document::parse(&unsigned).ok()?;
    let canonical = canonical::of(document.root_element(), None, &[]);
    let signature = signature::sign(&provider.material()?, id, &canonical)?;
    Some(STANDARD.encode(format!(
        "<samlp:Response xmlns:samlp=\"{PROTOCOL}\" ID=\"{response_id}\" Version=\"2.0\" IssueInstant=\"{issued}\" Destination=\"{acs_url}\"{in_response_to}><saml:Issuer xmlns:saml=\"{ASSERTION}\">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"{SUCCESS}\"/></samlp:Status>{head}{signature}{rest}</samlp:Response>"
    )))
}
