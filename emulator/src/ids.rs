//! Identifiers and opaque tokens, all drawn from one seed: the same seed and the same calls give the same ids.

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

    /// `<prefix>-test-<uuid v4>`, the form of every identifier but the opaque ones.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        let uuid = uuid::Builder::from_random_bytes(self.bytes()).into_uuid();
        format!("{prefix}-test-{uuid}")
    }

    /// A session or link token: 33 random bytes, 44 characters of base64url, so that no padding is needed.
    pub(crate) fn opaque_token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<33>())
    }

    /// A project secret: 36 characters of base64url after its prefix.
    pub(crate) fn secret(&mut self) -> String {
        format!("secret-test-{}", URL_SAFE_NO_PAD.encode(self.bytes::<27>()))
    }

    /// The generator itself, for whoever makes keys.
    pub(crate) fn rng(&mut self) -> &mut ChaCha20Rng {
        &mut self.rng
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }
}
