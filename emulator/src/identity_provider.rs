//! The emulator's own identity providers, with which tests log in by SSO: `<origin>/_emulator/idp/1` to `/8`. Each has a
//! key of its own, so that a response of one is a forgery for a connection to another.
//!
//! Knows their URLs and keys, but not the protocols.

use crate::keys::Material;

/// One identity provider, and the URL at which it is used. The URL is its entity ID in SAML and its issuer in OpenID
/// Connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdentityProvider {
    number: usize,
    url: String,
}

impl IdentityProvider {
    /// Finds the identity provider whose URL this is.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        let (_, number) = url.split_once(PREFIX)?;
        Some(Self {
            number: number_of(number)?,
            url: url.to_owned(),
        })
    }

    /// Returns all identity providers. `origin` is the URL of the emulator without a path.
    pub(crate) fn all(origin: &str) -> impl Iterator<Item = Self> {
        (1..=COUNT).map(move |number| Self {
            number,
            url: format!("{origin}{PREFIX}{number}"),
        })
    }

    /// Finds the identity provider of a path below `/_emulator/idp/`, and returns it with the rest of the path.
    pub(crate) fn of_path<'a>(origin: &str, path: &'a str) -> Option<(Self, &'a str)> {
        let rest = path.strip_prefix(PREFIX)?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (number, rest) = rest.split_at(end);
        let url = format!("{origin}{PREFIX}{number}");
        Some((
            Self {
                number: number_of(number)?,
                url,
            },
            rest,
        ))
    }

    /// The URL, which is also the entity ID and the issuer.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The URL to which SAML requests are sent.
    pub(crate) fn saml_url(&self) -> String {
        format!("{}/saml", self.url)
    }

    /// The URLs of OpenID Connect: authorization, token, userinfo and keys.
    pub(crate) fn oidc_urls(&self) -> [String; 4] {
        ["authorize", "token", "userinfo", "jwks"].map(|name| format!("{}/{name}", self.url))
    }

    /// The id of the key in OpenID Connect.
    pub(crate) fn kid(&self) -> String {
        format!("idp-{}", self.number)
    }

    /// The key with which responses are signed, with its certificate.
    pub(crate) fn material(&self) -> Option<Material> {
        Material::of_identity_provider(self.number)
    }
}

fn number_of(text: &str) -> Option<usize> {
    let number: usize = text.parse().ok()?;
    (1..=COUNT).contains(&number).then_some(number)
}

/// The start of the paths of all identity providers.
const PREFIX: &str = "/_emulator/idp/";
/// The number of identity providers.
const COUNT: usize = 8;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn finds_an_identity_provider_by_its_url_and_by_a_path() {
        let url = "http://127.0.0.1:4010/_emulator/idp/8";
        let by_url = IdentityProvider::of_url(url).unwrap();
        let path = "/_emulator/idp/8/saml";
        let by_path = IdentityProvider::of_path("http://127.0.0.1:4010", path).unwrap();
        assert_eq!(by_path, (by_url.clone(), "/saml"));
        assert_eq!(by_url.url(), url);
        for other in ["0", "9", "", "x", "1/saml", "-1"] {
            assert_eq!(
                IdentityProvider::of_url(&format!("http://a{PREFIX}{other}")),
                None
            );
        }
    }

    #[test]
    fn each_identity_provider_has_a_key() {
        let material = |number| IdentityProvider {
            number,
            url: String::new(),
        };
        let mut keys: Vec<_> = (1..=COUNT)
            .map(|number| material(number).material().unwrap().certificate().to_vec())
            .collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), COUNT);
    }
}
