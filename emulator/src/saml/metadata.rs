//! The metadata of an identity provider (SAML 2.0 metadata, section 2.4.3): its entity ID, certificate and URL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::identity_provider::IdentityProvider;

/// Returns the metadata of one of the emulator's identity providers, or `None` if its key is missing.
///
/// Its URL has only characters that XML does not escape.
pub(crate) fn of(provider: &IdentityProvider) -> Option<String> {
    let certificate = STANDARD.encode(provider.material()?.certificate());
    let (url, saml_url) = (provider.url(), provider.saml_url());
    Some(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{url}">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{saml_url}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"#
    ))
}
