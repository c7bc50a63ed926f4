//! Requests for authentication (SAML 2.0 core, section 3.4.1), in the form of the redirect binding (SAML 2.0 bindings,
//! section 3.4): DEFLATE, base64, and a parameter of a URL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Document;

use super::{ASSERTION, PROTOCOL, escape};

/// The values of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthnRequest {
    pub(crate) id: String,
    /// The entity ID of the service provider, which is the audience of the response.
    pub(crate) issuer: String,
    pub(crate) acs_url: String,
    pub(crate) destination: String,
    pub(crate) nameid_format: String,
    /// The time in RFC 3339 form.
    pub(crate) issued_at: String,
}

impl AuthnRequest {
    /// Returns the value of the parameter `SAMLRequest`.
    pub(crate) fn encode(&self) -> String {
        let text = |text: &str| escape(text);
        let xml = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{}\" Version=\"2.0\" IssueInstant=\"{}\" Destination=\"{}\" AssertionConsumerServiceURL=\"{}\" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"><saml:Issuer>{}</saml:Issuer><samlp:NameIDPolicy Format=\"{}\" AllowCreate=\"true\"/></samlp:AuthnRequest>",
            text(&self.id),
            text(&self.issued_at),
            text(&self.destination),
            text(&self.acs_url),
            text(&self.issuer),
            text(&self.nameid_format),
        );
        STANDARD.encode(stored(xml.as_bytes()))
    }

    /// Reads the value of the parameter `SAMLRequest`. Returns `None` for a request that is malformed or compressed: the
    /// emulator's own requests are not compressed.
    pub(crate) fn decode(parameter: &str) -> Option<Self> {
        let bytes = unstored(&STANDARD.decode(parameter).ok()?)?;
        let xml = String::from_utf8(bytes).ok()?;
        let document = Document::parse(&xml).ok()?;
        let request = document.root_element();
        if !request.has_tag_name((PROTOCOL, "AuthnRequest")) {
            return None;
        }
        let mut children = request.children();
        let issuer = children.find(|child| child.has_tag_name((ASSERTION, "Issuer")));
        let attribute = |name: &str| request.attribute(name).unwrap_or_default().to_owned();
        Some(Self {
            id: attribute("ID"),
            issuer: issuer?.text()?.to_owned(),
            acs_url: attribute("AssertionConsumerServiceURL"),
            destination: attribute("Destination"),
            nameid_format: String::new(),
            issued_at: attribute("IssueInstant"),
        })
    }
}

/// Returns a DEFLATE stream (RFC 1951, section 3.2.4) of blocks that are not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = Vec::with_capacity(bytes.len().saturating_add(5));
    let chunks: Vec<&[u8]> = bytes.chunks(usize::from(u16::MAX)).collect();
    for (index, chunk) in chunks.iter().enumerate() {
        let is_last = index.saturating_add(1) == chunks.len();
        let length = u16::try_from(chunk.len()).unwrap_or_default();
        stream.push(u8::from(is_last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(*chunk);
    }
    stream
}

/// Reads a DEFLATE stream of one block that is not compressed.
fn unstored(stream: &[u8]) -> Option<Vec<u8>> {
    let [1, low, high, _, _, content @ ..] = stream else {
        return None;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    (content.len() == length).then(|| content.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let request = AuthnRequest {
            id: "_1".into(),
            issuer: "https://sp.example/?a=b&c".into(),
            acs_url: "https://sp.example/acs".into(),
            destination: "https://idp.example/<>".into(),
            nameid_format: String::new(),
            issued_at: "2026-01-01T00:00:00Z".into(),
        };
        assert_eq!(AuthnRequest::decode(&request.encode()), Some(request));
        assert_eq!(AuthnRequest::decode("eA=="), None);
    }
}
