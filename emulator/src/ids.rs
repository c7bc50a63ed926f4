//! Identifiers and opaque tokens, all drawn from one seed. The same seed and the same calls return the same ids.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// The emulator's only source of randomness.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Ids {
    rng: ChaCha20Rng,
    environment: Environment,
}

/// The environment of both projects. Each id names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// The random number generator as a snapshot contains it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    seed: [u8; 32],
    environment: Environment,
    /// The number of 32-bit words that have been drawn. It is a string, because it can exceed the integers of JSON.
    #[serde(with = "decimal")]
    drawn_words: u128,
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

    /// Returns a UUID without a prefix.
    pub(crate) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes())
            .into_uuid()
            .to_string()
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

    /// Returns a one-time passcode: six digits.
    pub(crate) fn passcode(&mut self) -> String {
        let number = u32::from_le_bytes(self.bytes()) % 1_000_000;
        format!("{number:06}")
    }

    /// Returns the id of a Svix message: `msg_` and 27 alphanumeric characters.
    pub(crate) fn message_id(&mut self) -> String {
        format!("msg_{}", self.characters::<27>(ALPHANUMERIC))
    }

    /// Returns the secret of an authenticator app.
    pub(crate) fn totp_secret(&mut self) -> [u8; 20] {
        self.bytes()
    }

    /// Returns the random part of the message that a wallet signs: 17 alphanumeric characters.
    pub(crate) fn wallet_nonce(&mut self) -> String {
        self.characters::<17>(ALPHANUMERIC)
    }

    /// Returns the challenge of a WebAuthn ceremony.
    pub(crate) fn webauthn_challenge(&mut self) -> [u8; 32] {
        self.bytes()
    }

    /// Returns a recovery code: three groups of four characters of `[a-z0-9]`.
    pub(crate) fn recovery_code(&mut self) -> String {
        let groups = [0; 3].map(|_| self.characters::<4>(LOWER_ALPHANUMERIC));
        groups.join("-")
    }

    /// Returns the salt of a password.
    pub(crate) fn salt(&mut self) -> [u8; 16] {
        self.bytes()
    }

    /// Returns the key of a webhook secret.
    pub(crate) fn webhook_key(&mut self) -> [u8; 24] {
        self.bytes()
    }

    /// Returns the bearer token of a directory, or the random part of an id of SAML: 48 alphanumeric characters. The first characters of the alphabet are a
    /// little more frequent, which does not matter for an emulator.
    pub(crate) fn bearer_token(&mut self) -> String {
        let bytes = self.bytes::<48>().into_iter().map(usize::from);
        let characters = bytes.map(|byte| ALPHANUMERIC.get(byte % ALPHANUMERIC.len()));
        characters.flatten().copied().map(char::from).collect()
    }

    /// Returns the random number generator, for key generation.
    pub(crate) fn rng(&mut self) -> &mut ChaCha20Rng {
        &mut self.rng
    }

    /// Returns characters of this alphabet. Its first characters are a little more frequent, which does not matter in a
    /// test.
    fn characters<const N: usize>(&mut self, alphabet: &[u8]) -> String {
        let characters = self.bytes::<N>().map(|byte| {
            let index = usize::from(byte).checked_rem(alphabet.len());
            let character = index.and_then(|index| alphabet.get(index));
            character.copied().map_or('0', char::from)
        });
        String::from_iter(characters)
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }
}

impl From<Ids> for Stored {
    fn from(ids: Ids) -> Self {
        Self {
            seed: ids.rng.get_seed(),
            environment: ids.environment,
            drawn_words: ids.rng.get_word_pos(),
        }
    }
}

impl From<Stored> for Ids {
    fn from(stored: Stored) -> Self {
        let mut ids = Self::in_environment(stored.seed, stored.environment);
        ids.rng.set_word_pos(stored.drawn_words);
        ids
    }
}

/// A number as a string of decimal digits.
mod decimal {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        number: &u128,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<u128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| D::Error::custom("expected a string of decimal digits"))
    }
}

/// The prefix of all key ids.
pub(crate) const KID_PREFIX: &str = "stytch-emulator-";
const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOWER_ALPHANUMERIC: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
