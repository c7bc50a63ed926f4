//! Authenticates the calling project by its Authorization header (RFC 7617). As in the API, an error in the project id
//! is reported before an error in the secret.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::product::Product;
use crate::shapes;

/// A project's id and secret.
#[derive(Clone)]
pub struct Credentials {
    /// `project-test-<uuid>`.
    pub project_id: String,
    /// `secret-test-…`.
    pub secret: String,
}

/// The credentials of an emulator's two projects.
#[derive(Clone)]
pub struct Settings {
    /// The project that calls the consumer routes.
    pub consumer: Credentials,
    /// The project that calls the routes below `/v1/b2b`.
    pub b2b: Credentials,
}

impl Settings {
    /// Draws well-formed credentials from a seed, for tests that do not need particular ones.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let mut ids = Ids::new(seed);
        let mut draw = || Credentials {
            project_id: ids.id("project"),
            secret: ids.secret(),
        };
        Self {
            consumer: draw(),
            b2b: draw(),
        }
    }

    /// Both projects must belong to a Test environment and have different ids.
    pub(crate) fn validate(&self) -> Result<(), SetupError> {
        for (product, credentials) in [("consumer", &self.consumer), ("B2B", &self.b2b)] {
            let Credentials { project_id, secret } = credentials;
            if !shapes::is_id("project", project_id) || !project_id.starts_with("project-test-") {
                return Err(SetupError::ProjectId { product });
            }
            if !shapes::is_secret(secret) {
                return Err(SetupError::Secret { product });
            }
        }
        if self.consumer.project_id == self.b2b.project_id {
            Err(SetupError::SameProject)
        } else {
            Ok(())
        }
    }
}

/// The reason why an emulator cannot be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// A project id does not have the form `project-test-<uuid>`.
    ProjectId {
        /// The product of the project: `consumer` or `B2B`.
        product: &'static str,
    },
    /// A secret does not have the form `secret-test-<base64url>`.
    Secret {
        /// The product of the project: `consumer` or `B2B`.
        product: &'static str,
    },
    /// Both projects have the same id, so the project of a call would be ambiguous.
    SameProject,
    /// The signing keys cannot be generated.
    Keys,
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProjectId { product } => write!(
                formatter,
                "the id of the {product} project must have the form project-test-<uuid>"
            ),
            Self::Secret { product } => {
                write!(
                    formatter,
                    "the secret of the {product} project must have the form secret-test-<20 to 64 base64url characters>"
                )
            }
            Self::SameProject => formatter
                .write_str("the consumer project and the B2B project must have different ids"),
            Self::Keys => formatter.write_str("cannot generate the signing keys"),
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
