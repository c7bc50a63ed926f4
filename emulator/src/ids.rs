//! Identifiers and opaque tokens, all drawn from one seed. The same seed and the same calls return the same ids.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// The emulator's only source of randomness.
#[derive(Clone)]
pub(crate) struct Ids {
    rng: ChaCha20Rng,
    environment: Environment,
}

/// The environment of both projects. Each id names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Environment {
    #[default]
    Test,
    Live,
}

impl Environment {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl Ids {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self::in_environment(seed, Environment::Test)
    }

    pub(crate) fn in_environment(seed: [u8; 32], environment: Environment) -> Self {
        Self {
            rng: ChaCha20Rng::from_seed(seed),
            environment,
        }
    }

    pub(crate) fn environment(&self) -> Environment {
        self.environment
    }

    /// Returns `<prefix>-<test|live>-<uuid v4>`, the form of all identifiers except opaque tokens.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        let uuid = uuid::Builder::from_random_bytes(self.bytes()).into_uuid();
        format!("{prefix}-{}-{uuid}", self.environment.name())
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

    /// Returns a project secret: `secret-<test|live>-` and 36 base64url characters.
    pub(crate) fn secret(&mut self) -> String {
        let random = URL_SAFE_NO_PAD.encode(self.bytes::<27>());
        format!("secret-{}-{random}", self.environment.name())
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
