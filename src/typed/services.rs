//! Verdicts of services on access tokens, and a provider of M2M access tokens.

use super::{
    Result, UnixSeconds,
    base_url::BaseUrl,
    checks::{parsed, permission},
    core::Core,
    json::FromJson,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::{
        Denial, ProtectedResource, ProtectedResourceMetadata, Reason, Requirement,
        ServiceRequirement, Via, bearer,
    },
    consumer,
    flow::{
        AccessTokenSource, Challenge, ForgetToken, Introspection, ServiceCheck, ServiceVerdict,
        Times,
    },
    jwt::ClockTolerance,
    session::TokenKind,
    shared::{AuthenticateTokenResponse, M2m, TokenProviderRequest},
};

/// The requirements of a service for M2M access tokens. Default: the token is valid for the project.
#[derive(Clone, Default)]
pub struct M2mRequestOptions {
    /// The names of this service. The `aud` of the token must contain one of them in addition to the project id. If the
    /// list is empty, tokens that were issued for other services of the project are accepted as well. Default: empty.
    pub audience: Vec<String>,
    /// Scopes that the token must have. Default: empty.
    pub required_scopes: Vec<String>,
    /// The age in seconds, counted from `iat`, at which a token is refused. Default: any age is accepted.
    pub max_token_age_seconds: Option<f64>,
    /// The allowed difference between clocks, in seconds. Default: 0.
    pub clock_tolerance_seconds: f64,
    /// The time of the check, for tests. Default: the current time.
    pub current_date: Option<UnixSeconds>,
    /// The parameters of the `WWW-Authenticate` header that describe this service.
    pub challenge: Challenge,
}

/// The requirements of a service for access tokens of Connected Apps. `Check` is the permission check of the product.
#[derive(Clone)]
pub struct AppRequestOptions<Check> {
    /// The requirements that M2M tokens have as well.
    pub token: M2mRequestOptions,
    /// A permission that the scopes of the token must grant. Default: none.
    pub authorization_check: Option<Check>,
    /// Whether the API introspects valid tokens, which reports a revocation. Default: [`Introspection::Never`].
    pub introspect: Introspection,
}

impl<Check> Default for AppRequestOptions<Check> {
    fn default() -> Self {
        Self {
            token: M2mRequestOptions::default(),
            authorization_check: None,
            introspect: Introspection::Never,
        }
    }
}

/// A valid access token that meets the requirements.
#[derive(Clone, PartialEq)]
pub struct ServiceAccess<Token> {
    /// How the token was verified.
    pub via: Via,
    /// The claims of the token.
    pub token: Token,
    /// The access token.
    pub access_token: String,
}

/// The verdict on a request whose access token is refused, or cannot be checked at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRefusal {
    /// The status and the reason.
    pub denial: Denial,
    /// The value of the `WWW-Authenticate` header of the response (RFC 6750, section 3). `None` if a request with another
    /// token would fail as well.
    pub challenge: Option<String>,
}

/// A provider of an M2M access token, which it caches and renews before the token expires. Created by
/// [`M2m::token_provider`].
#[derive(Clone)]
pub struct TokenProvider {
    core: Core,
    source: AccessTokenSource,
}

impl consumer::Idp<'_> {
    /// Checks the access token of a Connected App in the `Authorization` header of a request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument` if an option is invalid. Input of a request never
    /// causes an error.
    pub async fn authenticate_request(
        &self,
        authorization: Option<&str>,
        options: &AppRequestOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<std::result::Result<ServiceAccess<consumer::IntrospectTokenClaims>, ServiceRefusal>>
    {
        app::<Consumer>(self.core, authorization, options).await
    }

    /// Returns the metadata of a service, which names its authorization servers (RFC 9728, section 2). The URLs must not
    /// have a user, a query or a fragment.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the field that is invalid.
    pub fn protected_resource_metadata(
        &self,
        resource: ProtectedResource,
    ) -> Result<ProtectedResourceMetadata> {
        metadata(self.core, resource)
    }
}

impl b2b::Idp<'_> {
    /// Checks the access token of a Connected App in the `Authorization` header of a request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument` if an option is invalid. Input of a request never
    /// causes an error.
    pub async fn authenticate_request(
        &self,
        authorization: Option<&str>,
        options: &AppRequestOptions<b2b::AuthorizationCheck>,
    ) -> Result<std::result::Result<ServiceAccess<b2b::IntrospectTokenClaims>, ServiceRefusal>>
    {
        app::<B2b>(self.core, authorization, options).await
    }

    /// Returns the metadata of a service, which names its authorization servers (RFC 9728, section 2). The URLs must not
    /// have a user, a query or a fragment.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the field that is invalid.
    pub fn protected_resource_metadata(
        &self,
        resource: ProtectedResource,
    ) -> Result<ProtectedResourceMetadata> {
        metadata(self.core, resource)
    }
}

impl M2m<'_> {
    /// Checks the M2M access token in the `Authorization` header of a request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument` if an option is invalid. Input of a request never
    /// causes an error.
    pub async fn authenticate_request(
        &self,
        authorization: Option<&str>,
        options: &M2mRequestOptions,
    ) -> Result<std::result::Result<ServiceAccess<AuthenticateTokenResponse>, ServiceRefusal>> {
        verdict(self.core, options.question(authorization.and_then(bearer))).await
    }

    /// Creates a provider of an M2M access token. Sends no request. Providers with equal credentials and scopes share
    /// their token in the isolate, so a provider may be created for every request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the field that is invalid.
    pub fn token_provider(&self, request: &TokenProviderRequest) -> Result<TokenProvider> {
        let source = AccessTokenSource {
            client_id: request.client_id.clone(),
            client_secret: request.client_secret.clone(),
            scopes: request.scopes.clone().unwrap_or_default(),
            refresh_ahead_seconds: request
                .refresh_ahead_seconds
                .unwrap_or(REFRESH_AHEAD_SECONDS),
        };
        source.check()?;
        Ok(TokenProvider {
            core: self.core.clone(),
            source,
        })
    }
}

impl TokenProvider {
    /// Returns a valid access token: the cached token, or a new token if the cached token expires soon. If the request
    /// for a new token fails while the cached token is still valid, the cached token is returned.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses the credentials or a scope,
    /// [`Error::Request`](crate::Error::Request) if the response is missing or unusable.
    pub async fn token(&self) -> Result<String> {
        Ok(self.core.flow.access_token(&self.source).await?)
    }

    /// Deletes a token from the cache, so that the next call of [`token`](Self::token) requests a new token. To be called
    /// if a service refuses a token that has not expired.
    pub fn forget(&self, which: ForgetToken<'_>) {
        self.core.flow.forget_access_token(&self.source, which);
    }
}

impl ServiceRefusal {
    /// Returns the HTTP status of the response: 401, 403 or 503.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.denial {
            Denial::Unauthenticated(_) => 401,
            Denial::Forbidden(_) => 403,
            Denial::Unavailable(_) => 503,
        }
    }
}

fn metadata(core: &Core, resource: ProtectedResource) -> Result<ProtectedResourceMetadata> {
    let origin_of = |url: &str| Some(BaseUrl::read("url", url).ok()?.origin);
    Ok(resource.metadata(&core.flow.config.origin, origin_of)?)
}

async fn app<P: Product>(
    core: &Core,
    authorization: Option<&str>,
    options: &AppRequestOptions<P::Check>,
) -> Result<std::result::Result<ServiceAccess<P::AppClaims>, ServiceRefusal>> {
    verdict(core, options.question::<P>(authorization.and_then(bearer))).await
}

impl M2mRequestOptions {
    pub(super) fn question<'a>(&self, credential: Option<&'a str>) -> ServiceCheck<'a> {
        ServiceCheck {
            credential,
            kind: TokenKind::Machine,
            requirement: ServiceRequirement {
                audiences: self.audience.clone(),
                scopes: self.required_scopes.clone(),
                permission: None,
            },
            times: Times {
                now: self.current_date,
                tolerance: ClockTolerance::of(self.clock_tolerance_seconds),
                max_token_age: self.max_token_age_seconds,
            },
            introspection: Introspection::Never,
            challenge: self.challenge.clone(),
        }
    }
}

impl<Check> AppRequestOptions<Check> {
    pub(super) fn question<'a, P: Product<Check = Check>>(
        &self,
        credential: Option<&'a str>,
    ) -> ServiceCheck<'a> {
        let mut question = self.token.question(credential);
        question.kind = TokenKind::ConnectedApp;
        question.introspection = self.introspect;
        if let Requirement::Permission(check) = permission::<P>(self.authorization_check.as_ref()) {
            question.requirement.permission = Some(check);
        }
        question
    }
}

async fn verdict<Token: FromJson>(
    core: &Core,
    question: ServiceCheck<'_>,
) -> Result<std::result::Result<ServiceAccess<Token>, ServiceRefusal>> {
    Ok(
        match core.flow.authenticate_service_request(&question).await? {
            ServiceVerdict::Granted {
                via,
                token,
                access_token,
            } => match parsed(&token) {
                Ok(token) => Ok(ServiceAccess {
                    via,
                    token,
                    access_token,
                }),
                // The signature is valid, but a claim does not have its documented type.
                Err(_) => Err(ServiceRefusal {
                    denial: Denial::Unavailable(Reason::Internal),
                    challenge: None,
                }),
            },
            ServiceVerdict::Refused { denial, challenge } => {
                Err(ServiceRefusal { denial, challenge })
            }
        },
    )
}

/// Does not show the secret.
impl std::fmt::Debug for TokenProvider {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "TokenProvider({:?})", self.source)
    }
}

/// Does not show the token.
impl<Token> std::fmt::Debug for ServiceAccess<Token> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ServiceAccess via {}", self.via.word())
    }
}

/// The default of `refresh_ahead_seconds`.
const REFRESH_AHEAD_SECONDS: f64 = 60.0;
