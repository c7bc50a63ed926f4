//! The options of calls of the API and of checks of access tokens, as `options` reads those of session checks.

use serde_json::value::RawValue;
use stytch_edge::{
    client::{ClientError, MemberSession, ProtectedResource, Requirement, ServiceRequirement},
    flow::{Challenge, Introspection},
    jwt::JsonObject,
    session::Product,
};

use super::{
    given::{self, Given, STRINGS},
    options::Asked,
    urls,
};

impl<'a> Asked<'a> {
    /// The scopes that a token must have.
    pub(crate) fn scopes(&self) -> Result<Requirement, ClientError> {
        let scopes = self.option("required_scopes").strings()?;
        let scopes = scopes.filter(|scopes| !scopes.is_empty());
        Ok(scopes.map_or(Requirement::Nothing, Requirement::Scopes))
    }

    /// The requirement of a service for a token. A list that is null is refused, because an empty list requires nothing.
    pub(crate) fn of_service(&self, product: Product) -> Result<ServiceRequirement, ClientError> {
        let (audience, scopes) = (self.option("audience"), self.option("required_scopes"));
        let audiences = audience.text().map(|text| {
            let one = given::read(text).map(|audience: String| vec![audience]);
            let list = one.or_else(|| given::read(text));
            list.filter(|list| !list.is_empty() && !list.iter().any(String::is_empty))
                .ok_or_else(|| audience.must_be("a string, or a list of strings"))
        });
        let scopes = scopes
            .text()
            .map(|text| given::read(text).ok_or_else(|| scopes.must_be(STRINGS)));
        Ok(ServiceRequirement {
            audiences: audiences.transpose()?.unwrap_or_default(),
            scopes: scopes.transpose()?.unwrap_or_default(),
            permission: self.permission(product)?,
        })
    }

    pub(crate) fn introspection(&self) -> Result<Introspection, ClientError> {
        let meaning: fn(&str) -> _ = |word| match word {
            "always" => Some(Introspection::Always),
            "never" => Some(Introspection::Never),
            _ => None,
        };
        let introspection = self
            .option("introspect")
            .word(meaning, "\"never\" or \"always\"")?;
        Ok(introspection.unwrap_or_default())
    }

    pub(crate) fn challenge(&self) -> Result<Challenge, ClientError> {
        let url = self.option("resource_metadata_url");
        let href = url.string(urls::ACCEPTED)?.map(|text| {
            let href = urls::secure_href(&text);
            href.ok_or_else(|| url.must_be(urls::ACCEPTED))
        });
        Ok(Challenge {
            realm: self
                .option("realm")
                .string("a string of printable ASCII characters")?,
            resource_metadata_url: href.transpose()?,
        })
    }

    /// Claims to set, as JSON text.
    pub(crate) fn session_custom_claims(&self) -> Result<Option<Box<RawValue>>, ClientError> {
        self.option("session_custom_claims").object_text()
    }

    /// The session of the member whose permissions a call uses, if there is an `authorization`. It must contain a session:
    /// otherwise the call would have the permissions of the project.
    pub(crate) fn member(&self) -> Result<MemberSession, ClientError> {
        let Some(authorization) = self.option("authorization").value() else {
            return Ok(MemberSession::default());
        };
        let no_session = || {
            ClientError::invalid_argument(
                "authorization must have a session_token or a session_jwt",
            )
        };
        let authorization = JsonObject::nested(authorization).map_err(|_| no_session())?;
        let text = |field: Given<'a>| -> Result<Option<String>, ClientError> {
            let text = field.string("a string")?;
            Ok(text.filter(|text| !text.is_empty()))
        };
        let session_token = text(given::field(MEMBER, &authorization, "session_token"))?;
        let session_jwt = text(given::field(MEMBER, &authorization, "session_jwt"))?;
        if session_token.is_none() && session_jwt.is_none() {
            return Err(no_session());
        }
        Ok(MemberSession {
            session_token,
            session_jwt,
        })
    }

    /// The description of a service.
    pub(crate) fn protected_resource(&self) -> Result<ProtectedResource, ClientError> {
        let resource = self.option("resource").string(urls::ACCEPTED)?;
        let scopes = self.option("scopes_supported").strings()?;
        Ok(ProtectedResource {
            resource: resource
                .ok_or_else(|| ClientError::invalid_argument("resource is required"))?,
            authorization_servers: self.option("authorization_servers").strings()?,
            scopes_supported: scopes.unwrap_or_default(),
        })
    }
}

const MEMBER: &str = "authorization.";
