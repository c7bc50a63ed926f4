//! Enveloped XML signatures (<https://www.w3.org/TR/xmldsig-core/>) in the form that SAML allows (SAML 2.0 core, section
//! 5.4): one reference, to the element that contains the signature.
//!
//! The caller reads only the element that [`verify`] accepts. This is the protection against signature wrapping: a forged
//! element in another place of the document is not read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;
use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::{Digest as _, Sha256};
use rsa::signature::{SignatureEncoding as _, Signer as _, Verifier as _};

use super::{EXCLUSIVE, SIGNATURE, canonical};
use crate::keys::Material;

/// The reason why a signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The element does not have a signature of its own.
    Missing,
    /// The signature has a structure or an algorithm that SAML does not allow.
    Malformed,
    /// The content of the element has changed.
    WrongDigest,
    /// None of the keys has signed.
    WrongKey,
}

/// Verifies the signature of an element with one of these keys. Keys in the document are ignored.
pub(super) fn verify(element: Node, keys: &[RsaPublicKey]) -> Result<(), Flaw> {
    let mut signatures = children(element, "Signature");
    let signature = signatures.next().ok_or(Flaw::Missing)?;
    let info = only(signature, "SignedInfo")?;
    if signatures.next().is_some() || algorithm(only(info, "CanonicalizationMethod")?)? != EXCLUSIVE
    {
        return Err(Flaw::Malformed);
    }
    if algorithm(only(info, "SignatureMethod")?)? != RSA_SHA256 {
        return Err(Flaw::Malformed);
    }
    let reference = only(info, "Reference")?;
    let id = element.attribute("ID").filter(|id| !id.is_empty());
    let id = id.ok_or(Flaw::Malformed)?;
    if reference.attribute("URI") != Some(&format!("#{id}")) {
        return Err(Flaw::Malformed);
    }
    // If two elements have the ID, the reference could mean the other one.
    let same_id = |node: &Node| {
        ["ID", "Id", "id"]
            .iter()
            .any(|name| node.attribute(*name) == Some(id))
    };
    if element.document().descendants().filter(same_id).count() != 1 {
        return Err(Flaw::Malformed);
    }
    let mut inclusive = Vec::new();
    for transform in children(only(reference, "Transforms")?, "Transform") {
        match algorithm(transform)? {
            ENVELOPED => {}
            EXCLUSIVE => inclusive = prefixes(transform)?,
            _ => return Err(Flaw::Malformed),
        }
    }
    if algorithm(only(reference, "DigestMethod")?)? != SHA256 {
        return Err(Flaw::Malformed);
    }
    let digest = decoded(only(reference, "DigestValue")?)?;
    let content = canonical::of(element, Some(signature), &inclusive);
    if Sha256::digest(content).as_slice() != digest {
        return Err(Flaw::WrongDigest);
    }
    let signed = canonical::of(
        info,
        None,
        &prefixes(only(info, "CanonicalizationMethod")?)?,
    );
    let value = decoded(only(signature, "SignatureValue")?)?;
    let value = Signature::try_from(value.as_slice()).map_err(|_| Flaw::WrongKey)?;
    let verifies = |key: &RsaPublicKey| {
        let verifier = VerifyingKey::<Sha256>::new(key.clone());
        verifier.verify(signed.as_bytes(), &value).is_ok()
    };
    match keys.iter().any(verifies) {
        true => Ok(()),
        false => Err(Flaw::WrongKey),
    }
}

/// Returns the signature of an element with this id, whose canonical form is given. Returns `None` if the key cannot sign.
pub(super) fn sign(material: &Material, id: &str, content: &str) -> Option<String> {
    let digest = STANDARD.encode(Sha256::digest(content));
    // This text is its own canonical form.
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{SIGNATURE}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"{SHA256}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let signature = material.signer().try_sign(info.as_bytes()).ok()?;
    let value = STANDARD.encode(signature.to_vec());
    let certificate = STANDARD.encode(material.certificate());
    Some(format!(
        "<ds:Signature xmlns:ds=\"{SIGNATURE}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    ))
}

fn children<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    let children = parent.children();
    children.filter(move |child| child.has_tag_name((SIGNATURE, name)))
}

/// Returns the only child with this name.
fn only<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> Result<Node<'a, 'input>, Flaw> {
    let mut found = children(parent, name);
    match (found.next(), found.next()) {
        (Some(child), None) => Ok(child),
        _ => Err(Flaw::Malformed),
    }
}

fn algorithm<'a>(node: Node<'a, '_>) -> Result<&'a str, Flaw> {
    node.attribute("Algorithm").ok_or(Flaw::Malformed)
}

/// Returns the prefixes of `InclusiveNamespaces` inside of a transform. Each of them is looked up for each element.
fn prefixes<'a>(transform: Node<'a, '_>) -> Result<Vec<&'a str>, Flaw> {
    let mut children = transform.children();
    let list = children.find(|child| child.has_tag_name((EXCLUSIVE, "InclusiveNamespaces")));
    let list = list.and_then(|list| list.attribute("PrefixList"));
    let prefixes = list.unwrap_or_default().split_whitespace();
    let prefixes: Vec<&str> = prefixes.take(MAX_PREFIXES.saturating_add(1)).collect();
    match prefixes.len() > MAX_PREFIXES {
        true => Err(Flaw::Malformed),
        false => Ok(prefixes),
    }
}

fn decoded(node: Node) -> Result<Vec<u8>, Flaw> {
    let text: String = node
        .children()
        .filter_map(|child| child.text())
        .flat_map(str::split_whitespace)
        .collect();
    STANDARD.decode(text).map_err(|_| Flaw::Malformed)
}

const MAX_PREFIXES: usize = 64;
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
