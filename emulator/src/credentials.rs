//! Who calls: judges the Authorization header (RFC 7617) as the API does, the project id before the secret.

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

/// The two projects that live in one emulator.
#[derive(Clone)]
pub struct Settings {
    /// For the consumer routes.
    pub consumer: Credentials,
    /// For the routes below `/v1/b2b`.
    pub b2b: Credentials,
}

impl Settings {
    /// Well-formed credentials drawn from a seed, for whoever does not care what they are.
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

    /// An emulator is a Test environment with two projects.
    pub(crate) fn judge(&self) -> Result<(), SetupError> {
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

/// Why an emulator could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// A project id that no caller could have.
    ProjectId {
        /// Whose it is.
        product: &'static str,
    },
    /// A secret that no caller could have.
    Secret {
        /// Whose it is.
        product: &'static str,
    },
    /// Both projects have one id, so that a call could be for either.
    SameProject,
    /// The signing keys could not be made.
    Keys,
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProjectId { product } => write!(
                formatter,
                "the {product} project id must look like project-test-<uuid>"
            ),
            Self::Secret { product } => {
                write!(
                    formatter,
                    "the {product} secret must look like secret-test-<36 characters of base64url>"
                )
            }
            Self::SameProject => formatter.write_str("the two projects must have different ids"),
            Self::Keys => formatter.write_str("the signing keys could not be made"),
        }
    }
}

impl std::error::Error for SetupError {}

/// Finds the project a call speaks for.
pub(crate) fn judge(header: Option<&str>, settings: &Settings) -> Result<Product, Failure> {
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

/// What the request log says of a header: its kind, never its content.
pub(crate) fn kind(header: Option<&str>) -> &'static str {
    match header {
        None => "none",
        Some(value) if basic(value).is_some() => "basic",
        Some(_) => "other",
    }
}

/// The two halves of a Basic header.
pub(crate) fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (project_id, secret) = decoded.split_once(':')?;
    Some((project_id.to_owned(), secret.to_owned()))
}
