//! The XML of responses, within limits. A document comes from a caller without credentials, and the verification of a
//! signature visits each element recursively, with all namespaces in its scope.

use roxmltree::{Document, Error, ParsingOptions};

use crate::errors::{self, Failure};

/// Parses a document.
///
/// Returns `invalid_xml_saml_response` for a text that is not XML or has a DTD, and `invalid_saml_response` for a document
/// beyond the limits.
pub(super) fn parse(xml: &str) -> Result<Document<'_>, Failure> {
    let too_large = || {
        errors::INVALID_SAML_RESPONSE.with_message(format!(
            "The emulator accepts XML of at most {} KiB with {MAX_NODES} nodes, {MAX_LEVELS} levels and \
             {MAX_NAMESPACES} namespaces.",
            MAX_BYTES / 1024
        ))
    };
    if xml.len() > MAX_BYTES {
        return Err(too_large());
    }
    let options = ParsingOptions {
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(xml, options).map_err(|error| match error {
        Error::NodesLimitReached | Error::NamespacesLimitReached => too_large(),
        _ => errors::INVALID_XML_SAML_RESPONSE.failure(),
    })?;
    let is_beyond = document.descendants().any(|node| {
        node.ancestors().nth(MAX_LEVELS).is_some()
            || node.namespaces().nth(MAX_NAMESPACES).is_some()
    });
    match is_beyond {
        true => Err(too_large()),
        false => Ok(document),
    }
}

const MAX_BYTES: usize = 256 * 1024;
const MAX_NODES: u32 = 20_000;
const MAX_LEVELS: usize = 64;
/// The namespaces in the scope of one element.
const MAX_NAMESPACES: usize = 64;
