//! SAML Shield, a service of its own: it checks SAML responses of applications that implement SAML themselves.
//!
//! It does not know the certificates of the applications, so it checks the structure: DTDs, several assertions, IDs that
//! occur twice, comments, and signatures that do not sign their own element or whose content has changed.

use serde_json::json;

use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::saml::response;
use crate::state::Projects;

/// `POST /v1/saml/validate`. Assumption: every public token is accepted, because the account is not one of a project.
pub(crate) fn validate(_: &Projects, call: &Call) -> Result<Reply, Failure> {
    let field = call.fields.text("SAMLResponse")?;
    let xml = response::decode(field.ok_or(&errors::MISSING_SAML_RESPONSE)?)?;
    response::validate_structure(&xml)?;
    Ok(Reply::ok(
        json!({ "message": "The SAML response passed the checks." }),
    ))
}
