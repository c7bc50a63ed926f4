//! The secret of a webhook endpoint, and the signatures of Svix: HMAC-SHA256 over `id.timestamp.body`.
//! Source: <https://docs.svix.com/receiving/verifying-payloads/how-manual>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use rsa::sha2::Sha256;
use serde::{Deserialize, Serialize};

use crate::ids::Ids;

/// `whsec_` and the key in Base64. The key has 24 to 64 bytes.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    pub(crate) fn draw(ids: &mut Ids) -> Self {
        Self(ids.webhook_key().to_vec())
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let key = STANDARD.decode(text.strip_prefix("whsec_")?).ok()?;
        (24..=64).contains(&key.len()).then_some(Self(key))
    }

    pub(crate) fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }

    /// Returns the value of `svix-signature`.
    pub(crate) fn sign(&self, content: &str) -> String {
        // HMAC accepts keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(content.as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl TryFrom<String> for Secret {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        Self::parse(&text).ok_or("expected whsec_ and 24 to 64 bytes in Base64")
    }
}

impl From<Secret> for String {
    fn from(secret: Secret) -> Self {
        secret.text()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The example in Svix's documentation.
    #[test]
    fn signs_as_svix_documents() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let content = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        assert_eq!(
            secret.sign(content),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn accepts_only_well_formed_secrets() {
        for text in [
            "",
            "whsec_",
            "whsec_!",
            "whsec_MfKQ9r8GKYqrTwjUPD8I",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }
}
