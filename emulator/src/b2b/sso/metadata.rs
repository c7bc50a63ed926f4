//! The metadata of identity providers (SAML 2.0 metadata, section 2.4.3), from which a connection can be configured.

use super::saml::{of_path, reply};
use super::saml_connection::Saml;
use super::{Protocol, pem};
use crate::b2b::B2b;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::identity_provider::IdentityProvider;
use crate::ids::Ids;

/// `PUT /v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/url`. Sets the entity ID, the URL and the
/// certificate.
///
/// Assumption: the emulator does not send requests, so it accepts only the URLs of its own identity providers.
pub(crate) fn update_by_url(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let url = call.fields.text("metadata_url")?;
    let url = url.ok_or(&errors::INVALID_SAML_METADATA_URL)?;
    let (_, mut connection, mut saml) = of_path(b2b, call)?;
    saml.configure(ids, url, call.now)?;
    connection.protocol = Protocol::Saml(Box::new(saml));
    Ok(reply(b2b, call, connection))
}

impl Saml {
    /// Sets the entity ID, the URL and the certificate of one of the emulator's identity providers, by its metadata URL.
    pub(super) fn configure(
        &mut self,
        ids: &mut Ids,
        metadata_url: &str,
        now: UnixSeconds,
    ) -> Result<(), Failure> {
        let refused = || errors::INVALID_SAML_METADATA_URL.failure();
        let provider = metadata_url.strip_suffix("/metadata");
        let provider = provider.and_then(IdentityProvider::of_url);
        let provider = provider.ok_or_else(refused)?;
        let material = provider.material().ok_or_else(refused)?;
        provider.url().clone_into(&mut self.idp_entity_id);
        self.set_sso_url(&provider.saml_url())?;
        let certificate = pem::encode(pem::CERTIFICATE, material.certificate());
        self.add_certificate(ids, &certificate, now)
    }
}
