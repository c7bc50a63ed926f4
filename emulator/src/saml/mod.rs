//! SAML 2.0: the documents of identity providers and service providers. Knows the protocol, but not organizations and
//! members.
//!
//! The parser, `roxmltree`, refuses DTDs, so that a document cannot define entities. `document.rs` limits the size and the
//! structure of documents. Signatures use RSA with SHA-256 and
//! exclusive canonicalization, and no other algorithm is accepted.

mod canonical;
mod document;
pub(crate) mod issue;
pub(crate) mod metadata;
pub(crate) mod request;
pub(crate) mod response;
mod signature;

/// The namespaces of the protocol, of assertions and of signatures.
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The default NameID format.
pub(crate) const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// Escapes a text for the content of an element or for an attribute in double quotes. Characters that XML does not allow
/// are removed.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#x{:X};", u32::from(character))),
            character if character.is_control() || "\u{fffe}\u{ffff}".contains(character) => {}
            character => escaped.push(character),
        }
    }
    escaped
}
