//! What a service decides about the access token in a request, and M2M access tokens that are renewed in time.

use std::sync::atomic::{AtomicU32, Ordering};

use super::{
    Result, UnixSeconds,
    checks::{parsed, permission},
    core::Core,
    json::FromJson,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::{Demand, Denial, Reason, ResourceDemand, Via, bearer},
    consumer,
    flow::{
        AccessTokenSource, Challenge, ForgetToken, Introspection, ServiceQuestion, ServiceVerdict,
        Times,
    },
    session::TokenKind,
    shared::{AuthenticateTokenResponse, M2m, TokenProviderRequest},
};

/// What a service requires of an M2M token. Default: that it is valid for the project.
#[derive(Clone, Default)]
pub struct MachineRequestOptions {
    /// The names of this service: the token's `aud` must contain one of them in addition to the project's identifier. If
    /// there is none, a token that was issued for another service of the project is accepted here too.
    pub audience: Vec<String>,
    /// Scopes that the token must all have.
    pub required_scopes: Vec<String>,
    /// The oldest token to accept, in seconds since it was issued. Default: any age.
    pub max_token_age_seconds: Option<f64>,
    /// How far clocks may differ, in seconds. Default: 0.
    pub clock_tolerance_seconds: f64,
    /// The moment to check for. Default: now.
    pub current_date: Option<UnixSeconds>,
    /// What the challenge says of this service.
    pub challenge: Challenge,
}

/// The same for Connected Apps.
#[derive(Clone)]
pub struct AppRequestOptions<Check> {
    /// What is required of every token.
    pub token: MachineRequestOptions,
    /// A permission that the token's scopes must grant.
    pub authorization_check: Option<Check>,
    /// Whether the API is also asked if the token was revoked. Default: never.
    pub introspect: Introspection,
}

impl<Check> Default for AppRequestOptions<Check> {
    fn default() -> Self {
        Self {
            token: MachineRequestOptions::default(),
            authorization_check: None,
            introspect: Introspection::Never,
        }
    }
}

/// An access token that is accepted.
#[derive(Clone, PartialEq)]
pub struct ServiceAccess<Token> {
    /// How that is known.
    pub via: Via,
    /// What the token says.
    pub token: Token,
    /// The token itself.
    pub access_token: String,
}

/// An access token that is not accepted, or that cannot be decided about now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRefusal {
    /// What that says about the token: 401, 403 or 503.
    pub denial: Denial,
    /// The value of `WWW-Authenticate` for the response (RFC 6750, section 3), if another token could help.
    pub challenge: Option<String>,
}

/// A kept M2M access token, which is renewed in time. Made by [`M2m::token_provider`].
#[derive(Clone)]
pub struct TokenProvider {
    core: Core,
    source: AccessTokenSource,
}

impl consumer::Idp<'_> {
    /// Checks the Connected App's token in a request by its `Authorization` header.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument` for invalid options; nothing that a caller of
    /// the service sends is an error.
    pub async fn authenticate_request(
        &self,
        authorization: Option<&str>,
        options: &AppRequestOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<std::result::Result<ServiceAccess<consumer::IntrospectTokenClaims>, ServiceRefusal>>
    {
        app::<Consumer>(self.core, authorization, options).await
    }
}

impl b2b::Idp<'_> {
    /// Checks the Connected App's token in a request by its `Authorization` header.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument` for invalid options; nothing that a caller of
    /// the service sends is an error.
    pub async fn authenticate_request(
        &self,
        authorization: Option<&str>,
        options: &AppRequestOptions<b2b::AuthorizationCheck>,
    ) -> Result<std::result::Result<ServiceAccess<b2b::IntrospectTokenClaims>, ServiceRefusal>>
    {
        app::<B2b>(self.core, authorization, options).await
    }
}

impl M2m<'_> {
    /// Checks the M2M token in a request by its `Authorization` header.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument` for invalid options; nothing that a caller of
    /// the service sends is an error.
    pub async fn authenticate_request(
        &self,
        authorization: Option<&str>,
        options: &MachineRequestOptions,
    ) -> Result<std::result::Result<ServiceAccess<AuthenticateTokenResponse>, ServiceRefusal>> {
        let (kind, introspect) = (TokenKind::Machine, Introspection::Never);
        verdict(self.core, authorization, options, (kind, introspect, None)).await
    }

    /// Keeps an M2M access token and renews it in time. The token belongs to the isolate: providers with equal
    /// credentials and scopes have the same one, so a provider may be made for every request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`, naming the field that is wrong.
    pub fn token_provider(&self, request: &TokenProviderRequest) -> Result<TokenProvider> {
        let source = AccessTokenSource {
            client_id: request.client_id.clone(),
            client_secret: request.client_secret.clone(),
            scopes: request.scopes.clone().unwrap_or_default(),
            refresh_ahead_seconds: request
                .refresh_ahead_seconds
                .unwrap_or(REFRESH_AHEAD_SECONDS),
            provider: PROVIDERS.fetch_add(1, Ordering::Relaxed),
        };
        source.check()?;
        Ok(TokenProvider {
            core: self.core.clone(),
            source,
        })
    }
}

impl TokenProvider {
    /// An access token that is valid now: the kept one, or a new one if that is about to expire.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses the credentials or a scope,
    /// [`Error::Request`](crate::Error::Request) if no usable response arrives in time; neither while an older token
    /// is still valid.
    pub async fn token(&self) -> Result<String> {
        Ok(self.core.flow.access_token(&self.source).await?)
    }

    /// Forgets a token, for when a service refuses it though it has not expired.
    pub fn forget(&self, which: ForgetToken<'_>) {
        self.core.flow.forget_access_token(&self.source, which);
    }
}

impl ServiceRefusal {
    /// The status to respond with: 401, 403 or 503.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.denial {
            Denial::Unauthenticated(_) => 401,
            Denial::Forbidden(_) => 403,
            Denial::Unavailable(_) => 503,
        }
    }
}

async fn app<P: Product>(
    core: &Core,
    authorization: Option<&str>,
    options: &AppRequestOptions<P::Check>,
) -> Result<std::result::Result<ServiceAccess<P::AppClaims>, ServiceRefusal>> {
    let permission = match permission::<P>(options.authorization_check.as_ref()) {
        Demand::Permission(check) => Some(check),
        _ => None,
    };
    let asked = (TokenKind::ConnectedApp, options.introspect, permission);
    verdict(core, authorization, &options.token, asked).await
}

async fn verdict<Token: FromJson>(
    core: &Core,
    authorization: Option<&str>,
    options: &MachineRequestOptions,
    (kind, introspection, permission): (
        TokenKind,
        Introspection,
        Option<crate::session::AuthorizationCheck>,
    ),
) -> Result<std::result::Result<ServiceAccess<Token>, ServiceRefusal>> {
    let question = ServiceQuestion {
        credential: authorization.and_then(bearer),
        kind,
        demand: ResourceDemand {
            audiences: options.audience.clone(),
            scopes: options.required_scopes.clone(),
            permission,
        },
        times: Times {
            now: options.current_date,
            clock_tolerance: options.clock_tolerance_seconds,
            max_token_age: options.max_token_age_seconds,
        },
        introspection,
        challenge: options.challenge.clone(),
    };
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
                // Signed, and of a shape that the API does not give it.
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

/// Shows no secret.
impl std::fmt::Debug for TokenProvider {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "TokenProvider({:?})", self.source)
    }
}

/// Shows no token.
impl<Token> std::fmt::Debug for ServiceAccess<Token> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ServiceAccess via {}", self.via.word())
    }
}

/// How long before its end a token is renewed, unless the request says otherwise.
const REFRESH_AHEAD_SECONDS: f64 = 60.0;

/// The numbers of providers.
static PROVIDERS: AtomicU32 = AtomicU32::new(1);
