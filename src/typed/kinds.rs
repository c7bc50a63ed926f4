//! Verdicts on requests whose token may be of several kinds, for both clients.

use std::fmt;

use super::{
    AppRequestOptions, AuthenticateRequestOptions, M2mRequestOptions, Result,
    checks::parsed,
    client::{B2bClient, Client},
    core::Core,
    json::FromJson,
    product::{B2b, Consumer, Product},
    requests::{Access, Authenticated, SessionTerms, typed},
    services::ServiceAccess,
};
use crate::{
    b2b,
    client::{
        ApiRefusalDetails, Credentials, MAX_TOKENS, Reason, RequestHeaders, VerdictWithCookies,
        bearer,
    },
    consumer,
    flow::{KindsCheck, KindsVerdict},
    session::TokenKind,
    shared::AuthenticateTokenResponse,
};

/// The kinds of token that a request may have, with the requirements for each. A token of another kind is refused with the
/// reason `wrong_token_kind`. Default: no kind is accepted.
#[derive(Clone)]
pub struct AcceptedKinds<Check> {
    /// Sessions, in the `Authorization` header or in cookies. Only sessions are refreshed.
    pub session: Option<AuthenticateRequestOptions<Check>>,
    /// M2M tokens, in the `Authorization` header.
    pub m2m: Option<M2mRequestOptions>,
    /// Access tokens of Connected Apps, in the `Authorization` header.
    pub connected_app: Option<AppRequestOptions<Check>>,
}

impl<Check> Default for AcceptedKinds<Check> {
    fn default() -> Self {
        Self {
            session: None,
            m2m: None,
            connected_app: None,
        }
    }
}

/// The verdict on a request whose token may be of several kinds.
#[derive(Clone, PartialEq)]
pub struct KindVerdict<Session, AppClaims> {
    /// The decision.
    pub access: KindAccess<Session, AppClaims>,
    /// The `Set-Cookie` lines of the response. Add them for every decision. If there are any, add `Cache-Control:
    /// no-store`, too.
    pub set_cookies: Vec<String>,
    /// The value of the `WWW-Authenticate` header of the response (RFC 6750, section 3). `None` if a request with an access
    /// token would fail as well, or if no kind of access token is accepted.
    pub challenge: Option<String>,
    /// If `access` is [`KindAccess::Unavailable`]: after how many seconds the request may succeed, if it is known.
    pub retry_after_seconds: Option<f64>,
    /// If `access` is [`KindAccess::Unavailable`] because the API refused a request: its response.
    pub refusal: Option<ApiRefusalDetails>,
}

/// The decision about a request whose token may be of several kinds.
#[derive(Clone, PartialEq)]
pub enum KindAccess<Session, AppClaims> {
    /// The request has a valid session that meets the requirements.
    Session(Box<Authenticated<Session>>),
    /// The request has a valid M2M token that meets the requirements.
    M2m(Box<ServiceAccess<AuthenticateTokenResponse>>),
    /// The request has a valid token of a Connected App that meets the requirements.
    ConnectedApp(Box<ServiceAccess<AppClaims>>),
    /// The request does not have a valid token of an accepted kind. Respond with 401.
    Unauthenticated(Reason),
    /// The token is valid and does not meet the requirements of its kind. Respond with 403.
    Forbidden(Reason),
    /// The token cannot be checked at the moment. Respond with 503.
    Unavailable(Reason),
}

impl Client {
    /// Checks the token of a request, which may be of each of the accepted kinds. The claims decide the kind after the
    /// signature is verified.
    ///
    /// Sessions are checked as by [`authenticate_request`](Self::authenticate_request), access tokens as by the methods
    /// `authenticate_request` of [`m2m`](Self::m2m) and [`idp`](Self::idp). If access tokens are accepted, a Bearer
    /// credential whose signature cannot be verified is not sent to the API, because its kind is unknown.
    ///
    /// ```
    /// # use stytch_edge::{AcceptedKinds, Client, KindAccess, M2mRequestOptions, Result, client::RequestHeaders};
    /// async fn caller(client: &Client, headers: RequestHeaders<'_>) -> Result<Option<String>> {
    ///     let accepts = AcceptedKinds {
    ///         session: Some(Default::default()),
    ///         m2m: Some(M2mRequestOptions {
    ///             required_scopes: vec!["read:reports".to_owned()],
    ///             ..Default::default()
    ///         }),
    ///         ..Default::default()
    ///     };
    ///     let verdict = client.authenticate_kinds(headers, &accepts).await?;
    ///     Ok(match verdict.access {
    ///         KindAccess::Session(user) => Some(user.session.user_id),
    ///         KindAccess::M2m(machine) => Some(machine.token.client_id),
    ///         _ => None,
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid. Input of a request never
    /// causes an error.
    pub async fn authenticate_kinds(
        &self,
        headers: RequestHeaders<'_>,
        accepts: &AcceptedKinds<consumer::SessionsAuthorizationCheck>,
    ) -> Result<KindVerdict<consumer::Session, consumer::IntrospectTokenClaims>> {
        self.core.kind_verdict::<Consumer>(headers, accepts).await
    }
}

impl B2bClient {
    /// Checks the token of a request as [`Client::authenticate_kinds`] does.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid. Input of a request never
    /// causes an error.
    pub async fn authenticate_kinds(
        &self,
        headers: RequestHeaders<'_>,
        accepts: &AcceptedKinds<b2b::AuthorizationCheck>,
    ) -> Result<KindVerdict<b2b::MemberSession, b2b::IntrospectTokenClaims>> {
        self.core.kind_verdict::<B2b>(headers, accepts).await
    }
}

impl Core {
    async fn kind_verdict<P: Product>(
        &self,
        headers: RequestHeaders<'_>,
        accepts: &AcceptedKinds<P::Check>,
    ) -> Result<KindVerdict<P::Session, P::AppClaims>> {
        let session = accepts.session.as_ref().map(|options| {
            let rules = &self.flow.config.cookies;
            SessionTerms::new::<P>(options, rules).map(|terms| (options, terms))
        });
        let session = session.transpose()?;
        let credentials = match &session {
            Some((_, terms)) => {
                self.flow.report_other_mode(headers.cookie, terms.rules);
                terms.credentials(headers)
            }
            None => of_services(headers),
        };
        let machine = accepts.m2m.as_ref();
        let app = accepts.connected_app.as_ref();
        let question = KindsCheck {
            credentials,
            session: session
                .as_ref()
                .map(|(options, terms)| terms.question(options, credentials)),
            machine: machine.map(|options| options.question(None)),
            connected_app: app.map(|options| options.question::<P>(None)),
        };
        let verdict = self.flow.authenticate_kinds(&question).await?;
        Ok(match verdict {
            KindsVerdict::Session { decided, challenge } => of_session(decided, challenge),
            KindsVerdict::AccessToken {
                kind,
                via,
                token,
                access_token,
            } => {
                let access = match kind {
                    TokenKind::ConnectedApp => parsed(&token).map(|token| {
                        KindAccess::ConnectedApp(Box::new(ServiceAccess {
                            via,
                            token,
                            access_token,
                        }))
                    }),
                    TokenKind::Machine | TokenKind::Session => parsed(&token).map(|token| {
                        KindAccess::M2m(Box::new(ServiceAccess {
                            via,
                            token,
                            access_token,
                        }))
                    }),
                };
                // If a claim does not have its documented type, the token is not usable although its signature is valid.
                KindVerdict::bare(access.unwrap_or(KindAccess::Unavailable(Reason::Internal)))
            }
        })
    }
}

/// The credentials of a request that cannot have a session.
fn of_services(headers: RequestHeaders<'_>) -> Credentials<&str> {
    match headers.authorization.and_then(bearer) {
        Some(credential) => Credentials::Bearer(credential),
        None => Credentials::Cookies {
            session_jwts: [None; MAX_TOKENS],
            session_tokens: [None; MAX_TOKENS],
        },
    }
}

fn of_session<Session: FromJson, AppClaims>(
    decided: VerdictWithCookies,
    challenge: Option<String>,
) -> KindVerdict<Session, AppClaims> {
    let verdict = typed(decided);
    KindVerdict {
        access: match verdict.access {
            Access::Authenticated(user) => KindAccess::Session(user),
            Access::Unauthenticated(reason) => KindAccess::Unauthenticated(reason),
            Access::Forbidden(reason) => KindAccess::Forbidden(reason),
            Access::Unavailable(reason) => KindAccess::Unavailable(reason),
        },
        set_cookies: verdict.set_cookies,
        challenge,
        retry_after_seconds: verdict.retry_after_seconds,
        refusal: verdict.refusal,
    }
}

impl<Session, AppClaims> KindVerdict<Session, AppClaims> {
    fn bare(access: KindAccess<Session, AppClaims>) -> Self {
        Self {
            access,
            set_cookies: Vec::new(),
            challenge: None,
            retry_after_seconds: None,
            refusal: None,
        }
    }
}

/// Shows how the token was verified, or the reason of the refusal. Does not show data of the user.
impl<Session, AppClaims> fmt::Debug for KindVerdict<Session, AppClaims> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, word) = match &self.access {
            KindAccess::Session(user) => ("session ", user.via.word()),
            KindAccess::M2m(machine) => ("m2m ", machine.via.word()),
            KindAccess::ConnectedApp(app) => ("connected_app ", app.via.word()),
            KindAccess::Unauthenticated(reason)
            | KindAccess::Forbidden(reason)
            | KindAccess::Unavailable(reason) => ("", reason.word()),
        };
        write!(formatter, "KindVerdict({kind}{word})")
    }
}
