//! Seeds: what an emulator contains at the start. A seed is a JSON or YAML file; every member is optional.
//!
//! ```yaml
//! random_seed: any text or number   # the source of all ids, tokens and secrets that the seed does not contain
//! clock: 2026-01-01T00:00:00Z       # the emulator's time at the start, or { now, frozen, tokens }
//! webhook_secret: whsec_...         # the secret that signs webhooks
//! allow_live: false                 # whether the project ids may start with project-live-
//! consumer:
//!   project_id: project-test-...
//!   secret: secret-test-...
//!   public_token: public-token-test-...   # for the browser SDKs
//!   signing_key: { kty: RSA, n: ..., e: ..., p: ..., q: ... }
//!   sdk: { pkce_required_for_email_magic_links: false }
//!   policy: { roles: [], resources: [], scopes: [] }
//!   password_config: { validation_policy: LUDS }
//!   users: []                       # as the API returns users; `email` and `phone_number` are short forms; `password`
//!                                   # is the password or the fields of a migration; `totps` have `secret` and
//!                                   # `recovery_codes`; `webauthn_registrations` have `credential_id` and `public_key`
//!   m2m_clients: []                 # as the API returns clients, with `client_secret`
//!   connected_apps: []              # as the API returns apps, with `client_secret` and `grants`
//!   trusted_token_profiles: []      # as `POST /_emulator/trusted_token_profiles` accepts them
//!   external_sessions: []           # as `POST /_emulator/external_sessions` accepts them
//!   fraud: { fingerprints: [], rules: [], verdict_reasons: [] }
//! b2b:                              # the same members, without `users`
//!   organizations: []               # as the API returns organizations, with `members`, `saml_connections`,
//!                                   # `oidc_connections`, `external_connections` and `scim_connection`; members have
//!                                   # `password` and `totp`; a SCIM connection has the `users` and `groups` of its
//!                                   # directory
//! ```
//!
//! With `random_seed`, two emulators with one seed, one clock and the same requests return the same bytes. Their signing
//! keys are then known to everyone.

mod content;

use rsa::sha2::{Digest as _, Sha256};
use serde::Deserialize as _;
use serde_json::Value;

use crate::clock::UnixSeconds;
use crate::control::clock::{StartClock, TokenTime};
use crate::credentials::{Credentials, Settings, SetupError};
use crate::given::{Given, SeedError};
use crate::ids::{Environment, Ids};
use crate::keys::Material;
use crate::product::Product;
use crate::webhooks::Secret;
pub(crate) use content::Content;

/// A seed whose syntax has been checked. [`Emulator::from_seed`](crate::Emulator::from_seed) checks its content.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    file: Value,
}

/// Values for the parts that a seed leaves open.
#[derive(Clone, Debug, Default)]
pub struct Fresh {
    /// Random bytes, for the ids, tokens and secrets of an emulator whose seed has no `random_seed`.
    pub random: [u8; 32],
    /// Private RSA keys of the consumer and the B2B project, as JWKs. Without them, keys are generated, which takes
    /// seconds in WebAssembly. They are not used if [`Seed::needs_signing_keys`] returns `false`.
    pub signing_keys: Option<[Value; 2]>,
}

impl Seed {
    /// Parses JSON or YAML. An empty text is an empty seed.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let file: Value = serde_saphyr::from_str(text).map_err(|error| {
            // The further lines quote the file, which may contain secrets.
            let error = error.to_string();
            SeedError::new(String::new(), error.lines().next().unwrap_or_default())
        })?;
        Self::from_value(file)
    }

    /// Takes a seed that has been parsed.
    pub fn from_value(file: Value) -> Result<Self, SeedError> {
        if file.is_object() || file.is_null() {
            Ok(Self { file })
        } else {
            Err(SeedError::new(String::new(), "the seed must be an object"))
        }
    }

    /// Whether the signing keys of an emulator with this seed are random.
    pub fn needs_signing_keys(&self) -> bool {
        let has = |pointer| {
            self.file
                .pointer(pointer)
                .is_some_and(|value| !value.is_null())
        };
        !(has("/random_seed") || has("/consumer/signing_key") && has("/b2b/signing_key"))
    }

    /// Replaces `clock`, `project_id` or another member, for a command-line option that precedes the file.
    /// `path` has the names of the members, from the outermost.
    pub fn set(&mut self, path: &[&str], value: Value) {
        let mut place = &mut self.file;
        for name in path {
            if !place.is_object() {
                *place = Value::Object(serde_json::Map::new());
            }
            let Value::Object(members) = place else {
                return;
            };
            place = members.entry(*name).or_insert(Value::Null);
        }
        *place = value;
    }

    pub(crate) fn given(&self) -> Result<Given, SeedError> {
        Given::new(String::new(), Some(self.file.clone()))
    }
}

/// The parts of a seed that do not depend on the projects' data.
pub(crate) struct Basics {
    pub(crate) random: [u8; 32],
    pub(crate) is_deterministic: bool,
    pub(crate) clock: StartClock,
    pub(crate) webhook_secret: Option<Secret>,
    pub(crate) allow_live: bool,
}

impl Basics {
    pub(crate) fn take(file: &mut Given, fresh: &Fresh) -> Result<Self, SeedError> {
        let seed = match file.take("random_seed") {
            None => None,
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => return Err(file.refused("random_seed", "must be a string or a number")),
        };
        Ok(Self {
            is_deterministic: seed.is_some(),
            random: seed.map_or(fresh.random, |seed| {
                Sha256::digest(format!("stytch-emulator random seed {seed}")).into()
            }),
            clock: take_clock(file)?,
            webhook_secret: take_webhook_secret(file)?,
            allow_live: file.flag("allow_live")?.unwrap_or_default(),
        })
    }
}

/// The credentials and the signing key of a project.
pub(crate) struct ProjectSeed {
    pub(crate) project_id: Option<String>,
    secret: Option<String>,
    public_token: Option<String>,
    pub(crate) signing_key: Option<Material>,
}

impl ProjectSeed {
    pub(crate) fn take(given: &mut Given) -> Result<Self, SeedError> {
        let signing_key = match given.take("signing_key") {
            None => None,
            Some(jwk) => Some(
                Material::of_jwk(&jwk).map_err(|message| given.refused("signing_key", message))?,
            ),
        };
        Ok(Self {
            project_id: given.text("project_id")?,
            secret: given.text("secret")?,
            public_token: given.text("public_token")?,
            signing_key,
        })
    }

    /// Draws the parts that are not given. The random numbers are drawn in every case, so that a given id does not
    /// change the ids that are drawn later.
    pub(crate) fn credentials(&self, ids: &mut Ids) -> Credentials {
        let (id, secret) = (ids.id("project"), ids.secret());
        Credentials {
            project_id: self.project_id.clone().unwrap_or(id),
            secret: self.secret.clone().unwrap_or(secret),
            public_token: self.public_token.clone(),
        }
    }
}

/// Returns the settings of an emulator: its two projects, both of the same environment.
pub(crate) fn settings(
    consumer: &ProjectSeed,
    b2b: &ProjectSeed,
    basics: &Basics,
) -> Result<(Settings, Ids), SeedError> {
    let is_live = |project: &ProjectSeed| {
        let id = project.project_id.as_deref();
        id.is_some_and(|id| id.starts_with("project-live-"))
    };
    let live = basics.allow_live && (is_live(consumer) || is_live(b2b));
    let environment = if live {
        Environment::Live
    } else {
        Environment::Test
    };
    let mut ids = Ids::in_environment(basics.random, environment);
    let settings = Settings {
        consumer: consumer.credentials(&mut ids),
        b2b: b2b.credentials(&mut ids),
        allow_live: basics.allow_live,
    };
    let refused = |error: SetupError| SeedError::new(error.seed_path().into(), error.to_string());
    settings.validate().map_err(refused)?;
    Ok((settings, ids))
}

/// Returns the private key from [`Fresh`] for a project.
pub(crate) fn fresh_key(fresh: &Fresh, product: Product) -> Result<Option<Material>, SeedError> {
    let Some([consumer, b2b]) = &fresh.signing_keys else {
        return Ok(None);
    };
    let jwk = match product {
        Product::Consumer => consumer,
        Product::B2b => b2b,
    };
    let read = Material::of_jwk(jwk).map(Some);
    read.map_err(|message| SeedError::new("signing_keys".into(), message))
}

fn take_webhook_secret(file: &mut Given) -> Result<Option<Secret>, SeedError> {
    let Some(text) = file.text("webhook_secret")? else {
        return Ok(None);
    };
    let secret = Secret::parse(&text).map(Some);
    let message = "must be whsec_ and 24 to 64 bytes in Base64";
    secret.ok_or_else(|| file.refused("webhook_secret", message))
}

fn take_clock(file: &mut Given) -> Result<StartClock, SeedError> {
    match file.take("clock") {
        Some(Value::String(text)) => {
            let now = UnixSeconds::parse_rfc3339(&text);
            let message = "must be a time in RFC 3339 form or an object";
            Ok(StartClock {
                now: Some(now.ok_or_else(|| file.refused("clock", message))?),
                ..StartClock::default()
            })
        }
        other => {
            let mut clock = Given::new("clock".into(), other)?;
            let tokens = match clock.take("tokens") {
                None => TokenTime::default(),
                Some(tokens) => TokenTime::deserialize(tokens)
                    .map_err(|_| clock.refused("tokens", "must be emulator-time or real-time"))?,
            };
            let start = StartClock {
                now: clock.time("now")?,
                frozen: clock.flag("frozen")?.unwrap_or_default(),
                tokens,
            };
            clock.finish(&Value::Null)?;
            Ok(start)
        }
    }
}

#[cfg(test)]
mod tests;
