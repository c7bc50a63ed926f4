//! Authenticates the calling project by its Authorization header (RFC 7617). As in the API, an error in the project id
//! is reported before an error in the secret.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::sha2::{Digest as _, Sha256};
use serde::{Deserialize, Serialize};

use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::product::Product;
use crate::shapes;

/// A project's id, secret and public token.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// `project-test-<uuid>`.
    pub project_id: String,
    /// `secret-test-…`.
    pub secret: String,
    /// `public-token-test-<uuid>`, for the routes of the browser SDKs. With `None`, the token follows from the project id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_token: Option<String>,
}

impl Credentials {
    /// Returns the public token. A browser sends it, so it is not a secret.
    pub fn public_token(&self) -> String {
        if let Some(token) = &self.public_token {
            return token.clone();
        }
        let digest = Sha256::digest(format!("public token of {}", self.project_id));
        let bytes = digest.first_chunk().copied().unwrap_or_default();
        let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
        format!("public-token-{}-{uuid}", self.environment())
    }

    fn environment(&self) -> &'static str {
        if self.project_id.starts_with("project-live-") {
            "live"
        } else {
            "test"
        }
    }

    fn has_valid_public_token(&self) -> bool {
        let Some(token) = &self.public_token else {
            return true;
        };
        let prefix = format!("public-token-{}-", self.environment());
        shapes::is_id("public-token", token) && token.starts_with(&prefix)
    }
}

/// The credentials of an emulator's two projects.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The project that calls the consumer routes.
    pub consumer: Credentials,
    /// The project that calls the routes below `/v1/b2b`.
    pub b2b: Credentials,
    /// Whether the projects may belong to a Live environment. The default is `false`, because the credentials of a real
    /// project do not belong into an emulator.
    pub allow_live: bool,
}

impl Settings {
    /// Draws well-formed credentials from a seed, for tests that do not need particular ones.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let mut ids = Ids::new(seed);
        let mut draw = || Credentials {
            project_id: ids.id("project"),
            secret: ids.secret(),
            public_token: None,
        };
        Self {
            consumer: draw(),
            b2b: draw(),
            allow_live: false,
        }
    }

    /// Both projects must belong to the same environment, which is the Test environment unless `allow_live` is set, and
    /// have different ids.
    pub(crate) fn validate(&self) -> Result<(), SetupError> {
        for (product, credentials) in [("consumer", &self.consumer), ("B2B", &self.b2b)] {
            let Credentials {
                project_id, secret, ..
            } = credentials;
            if !shapes::is_id("project", project_id) {
                return Err(SetupError::ProjectId { product });
            }
            if project_id.starts_with("project-live-") && !self.allow_live {
                return Err(SetupError::Live { product });
            }
            if !shapes::is_secret(secret) {
                return Err(SetupError::Secret { product });
            }
            if !credentials.has_valid_public_token() {
                return Err(SetupError::PublicToken { product });
            }
        }
        let (consumer, b2b) = (&self.consumer.project_id, &self.b2b.project_id);
        if consumer == b2b || self.consumer.public_token() == self.b2b.public_token() {
            return Err(SetupError::SameProject);
        }
        if consumer.starts_with("project-live-") != b2b.starts_with("project-live-") {
            return Err(SetupError::TwoEnvironments);
        }
        Ok(())
    }
}

/// The reason why an emulator cannot be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// A project id does not have the form `project-<test or live>-<uuid>`.
    ProjectId {
        /// The product of the project: `consumer` or `B2B`.
        product: &'static str,
    },
    /// A project id starts with `project-live-`, and `allow_live` is not set.
    Live {
        /// The product of the project: `consumer` or `B2B`.
        product: &'static str,
    },
    /// A secret does not have the form `secret-test-<base64url>`.
    Secret {
        /// The product of the project: `consumer` or `B2B`.
        product: &'static str,
    },
    /// A public token does not have the form `public-token-<test or live>-<uuid>`, or belongs to another environment
    /// than its project.
    PublicToken {
        /// The product of the project: `consumer` or `B2B`.
        product: &'static str,
    },
    /// Both projects have the same id or public token, so the project of a call would be ambiguous.
    SameProject,
    /// One project belongs to a Test environment, and the other to a Live environment.
    TwoEnvironments,
    /// The signing keys cannot be generated.
    Keys,
    /// The secret of the webhooks does not have the form `whsec_<base64>`.
    WebhookSecret,
}

impl SetupError {
    /// Returns the path of the member in a seed.
    pub(crate) fn seed_path(self) -> &'static str {
        match self {
            Self::ProjectId {
                product: "consumer",
            }
            | Self::Live {
                product: "consumer",
            } => "consumer.project_id",
            Self::ProjectId { .. } | Self::Live { .. } => "b2b.project_id",
            Self::Secret {
                product: "consumer",
            } => "consumer.secret",
            Self::Secret { .. } => "b2b.secret",
            Self::PublicToken {
                product: "consumer",
            } => "consumer.public_token",
            Self::PublicToken { .. } => "b2b.public_token",
            _ => "",
        }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProjectId { product } => write!(
                formatter,
                "the id of the {product} project must have the form project-test-<uuid>"
            ),
            Self::Live { product } => write!(
                formatter,
                "the {product} project is a live project; allow_live accepts live projects"
            ),
            Self::TwoEnvironments => formatter
                .write_str("both projects must be test projects, or both must be live projects"),
            Self::Secret { product } => {
                write!(
                    formatter,
                    "the secret of the {product} project must have the form secret-test-<20 to 64 base64url characters>"
                )
            }
            Self::PublicToken { product } => write!(
                formatter,
                "the public token of the {product} project must have the form public-token-<test or live>-<uuid>, with \
                 the environment of the project"
            ),
            Self::SameProject => formatter.write_str(
                "the consumer project and the B2B project must have different ids and public tokens",
            ),
            Self::Keys => formatter.write_str("cannot generate the signing keys"),
            Self::WebhookSecret => formatter.write_str(
                "the webhook secret must have the form whsec_<24 to 64 bytes in Base64>",
            ),
        }
    }
}

impl std::error::Error for SetupError {}

/// Returns the product of the project that the header authenticates.
pub(crate) fn authenticate(header: Option<&str>, settings: &Settings) -> Result<Product, Failure> {
    let (project_id, secret) = header
        .and_then(basic)
        .ok_or(&errors::INVALID_AUTHORIZATION_HEADER)?;
    if !shapes::is_id("project", &project_id) {
        return Err(errors::INVALID_PROJECT_ID_AUTHENTICATION.failure());
    }
    if !shapes::is_secret(&secret) {
        return Err(errors::INVALID_SECRET_AUTHENTICATION.failure());
    }
    let projects = [
        (Product::Consumer, &settings.consumer),
        (Product::B2b, &settings.b2b),
    ];
    let known = projects
        .into_iter()
        .find(|(_, known)| known.project_id == project_id && known.secret == secret);
    Ok(known.ok_or(&errors::UNAUTHORIZED_CREDENTIALS)?.0)
}

/// Returns the kind of an Authorization header for the request log. The log never contains the header itself.
pub(crate) fn kind(header: Option<&str>) -> &'static str {
    match header {
        None => "none",
        Some(value) if basic(value).is_some() => "basic",
        Some(_) => "other",
    }
}

/// Decodes the id and the secret of a Basic header.
pub(crate) fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (project_id, secret) = decoded.split_once(':')?;
    Some((project_id.to_owned(), secret.to_owned()))
}
