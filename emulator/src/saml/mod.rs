//! SAML 2.0: the documents of identity providers. Knows the protocol, but not organizations and members.

pub(crate) mod metadata;
