//! Identifiers and opaque tokens, all drawn from one seed. The same seed and the same calls return the same ids.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// The emulator's only source of randomness.
#[derive(Clone)]
pub(crate) struct Ids {
    rng: ChaCha20Rng,
}

impl Ids {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self {
            rng: ChaCha20Rng::from_seed(seed),
        }
    }

    /// Returns `<prefix>-test-<uuid v4>`, the form of all identifiers except opaque tokens.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        let uuid = uuid::Builder::from_random_bytes(self.bytes()).into_uuid();
        format!("{prefix}-test-{uuid}")
    }

    /// Returns the id of a signing key: `stytch-emulator-<uuid v4>`. The prefix shows where a key comes from if it is
    /// found in the configuration of an application.
    pub(crate) fn kid(&mut self) -> String {
        let uuid = uuid::Builder::from_random_bytes(self.bytes()).into_uuid();
        format!("{KID_PREFIX}{uuid}")
    }

    /// Returns a session or link token: 33 random bytes as 44 base64url characters. With this length, padding is not
    /// needed.
    pub(crate) fn opaque_token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<33>())
    }

    /// Returns a project secret: `secret-test-` and 36 base64url characters.
    pub(crate) fn secret(&mut self) -> String {
        format!("secret-test-{}", URL_SAFE_NO_PAD.encode(self.bytes::<27>()))
    }

    /// Returns the random number generator, for key generation.
    pub(crate) fn rng(&mut self) -> &mut ChaCha20Rng {
        &mut self.rng
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }
}

/// The prefix of all key ids.
pub(crate) const KID_PREFIX: &str = "stytch-emulator-";
