//! The local check of a token. The steps are: parse the token, look up the key, verify the signature, validate the
//! claims, decide the requirement.
//!
//! Each step uses only the results of earlier steps: claims are not read before the signature is verified.

#[cfg(feature = "api")]
use std::cell::Cell;
use std::{fmt, slice, sync::Arc};

use super::{
    CacheLimits, ClientError, ClientErrorCode, IsolateState, Lookup, LookupContext, PolicyCache,
    Reason, Verified,
    resource::{ServiceRequirement, require_scopes},
    rights::{Decision, decide},
};
use crate::{
    jwt::{ClockTolerance, Refusal as JwtRefusal, UntrustedToken, VerifiedPayload},
    session::{self, AuthorizationCheck, CheckOptions, Issuer, Refusal, Subject, TokenKind},
};

/// The arguments of one check.
#[derive(Clone, Copy)]
pub struct CheckRequest<'a> {
    /// The project whose tokens are accepted.
    pub issuer: &'a Issuer,
    /// The token.
    pub token: &'a str,
    /// The kind that the token must have, and what is required of it.
    pub expected: Expected<'a>,
    /// The limits for the cache of verified tokens.
    pub cache: CacheLimits,
    /// The time and the settings for keys and policies.
    pub lookup: LookupContext,
}

/// The kinds that a token may have.
#[derive(Clone, Copy)]
pub enum Expected<'a> {
    /// This kind.
    One(Terms<'a>),
    /// The kind of one of these terms. The claims of the token decide it after the signature is verified.
    #[cfg(feature = "api")]
    AnyOf {
        /// The accepted kinds, each at most once.
        terms: &'a [Terms<'a>],
        /// The kind of the token is written here, once it is known. A kind that is not accepted is written as well.
        decided: &'a Cell<Option<TokenKind>>,
    },
}

/// What is required of a token of one kind.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The kind.
    pub kind: TokenKind,
    /// The requirement that the token must satisfy.
    pub requirement: &'a Requirement,
    /// The time and the limits for the claims.
    pub options: CheckOptions,
}

/// A requirement that a valid token must satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// Every valid token is accepted.
    Nothing,
    /// The policy of the project or the organization gives this permission to a role or scope of the token.
    Permission(AuthorizationCheck),
    /// The token has all of these scopes.
    Scopes(Vec<String>),
    /// The token satisfies the requirement of a service.
    Resource(ServiceRequirement),
}

/// The result of a check that found no error.
#[derive(Debug, PartialEq, Eq)]
pub enum Checked<Result> {
    /// The check is complete.
    Done(Result),
    /// The data to fetch before the check is repeated; never empty.
    Needed(Vec<Need>),
}

/// An accepted token.
#[derive(Clone, PartialEq)]
pub struct Accepted {
    /// How the token was verified.
    pub via: Via,
    /// Whether the key set must be fetched again in the background.
    pub is_ageing: bool,
    token: Content,
}

#[derive(Clone, PartialEq)]
enum Content {
    Verified(Arc<Verified>),
    /// The result for callers, as JSON text.
    Introspected(String),
}

/// How a token was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The token is in the cache of verified tokens.
    Cache,
    /// This library verified the token now.
    Local,
    /// The API accepted the token.
    Remote,
}

impl Accepted {
    /// Creates a result from a response of the API, or from a decision without a token, as JSON text.
    pub(crate) fn remote(json: String) -> Self {
        Self {
            via: Via::Remote,
            is_ageing: false,
            token: Content::Introspected(json),
        }
    }

    /// Returns the result for callers, as JSON text.
    #[must_use]
    pub fn json(&self) -> &str {
        match &self.token {
            Content::Verified(verified) => &verified.valid.json,
            Content::Introspected(json) => json,
        }
    }

    /// Returns the verified token; `None` if the API decided.
    #[must_use]
    pub fn verified(&self) -> Option<&Arc<Verified>> {
        match &self.token {
            Content::Verified(verified) => Some(verified),
            Content::Introspected(_) => None,
        }
    }

    /// Returns the session and the claims of a verified token, as JSON texts, and the token. `None` if the API decided.
    #[must_use]
    pub fn texts(&self) -> Option<[&Arc<str>; 3]> {
        let verified = self.verified()?;
        Some([
            &verified.valid.json,
            &verified.valid.payload,
            verified.token(),
        ])
    }

    /// Returns the claims of the token, as JSON text; empty if the API introspected the token.
    #[must_use]
    pub fn payload(&self) -> &str {
        match &self.token {
            Content::Verified(verified) => &verified.valid.payload,
            Content::Introspected(_) => "",
        }
    }
}

impl Via {
    /// Returns the stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// Data of a project that a check needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The keys that the client provides; they need no request.
    ProvidedKeys,
    /// The key set.
    Keys,
    /// The key set, which another call fetches: repeat the check in a moment.
    KeysBeingFetched,
    /// The policy of the project, or of the organization with this identifier.
    Policy(Option<String>),
}

/// Omits the token.
impl fmt::Debug for CheckRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CheckRequest for {:?}", self.issuer)
    }
}

/// Omits the content of the token.
impl fmt::Debug for Accepted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Accepted via {}", self.via.word())
    }
}

/// Checks a token.
///
/// # Errors
/// [`ClientError`] with
/// - `jwt_invalid` or `jwt_too_old`, with the broken rule as the reason,
/// - `jwks_unavailable` if the key or a policy is unavailable,
/// - `tenancy_mismatch`, `invalid_permissions` or `missing_scopes` if the token is valid but does not satisfy the
///   requirement,
/// - `invalid_argument` if an option is not a valid number.
pub fn check(
    state: &mut IsolateState,
    request: &CheckRequest<'_>,
) -> Result<Checked<Accepted>, ClientError> {
    for terms in request.expected.terms() {
        check_options(&terms.options)?;
    }
    if request.token.is_empty() {
        return Err(ClientError::refused(Reason::NoCredentials));
    }
    let refused = |refusal: Refusal| ClientError::refused(Reason::Token(refusal));
    let keys = state.keys_from(request.issuer, request.lookup.source);
    if request.lookup.source.has_provided_keys && !keys.has_provided() {
        return Ok(Checked::Needed(vec![Need::ProvidedKeys]));
    }
    let expected = request.expected;
    let known = expected.terms().iter().find_map(|terms| {
        let found = keys
            .verified()
            .find(request.token, terms.kind, request.cache);
        Some((Arc::clone(found?), terms))
    });
    let via = if known.is_some() {
        Via::Cache
    } else {
        Via::Local
    };
    let mut is_ageing = false;
    let (verified, terms) = match known {
        // A cached token needs the same key lookup as a new one: its key may have been withdrawn.
        Some((known, terms)) => match keys.find(known.kid.as_deref(), request.lookup) {
            found @ (Lookup::Found(_) | Lookup::Ageing(_)) => {
                is_ageing = matches!(found, Lookup::Ageing(_));
                expected.decide(terms.kind);
                let times = known.valid.validate_times(&terms.options);
                times.map_err(refused)?;
                (known, terms)
            }
            other => return other.without_key(&expected),
        },
        None => {
            if let Some(kid) = keys.known_forgery(request.token, request.cache) {
                return match keys.find(Some(&kid), request.lookup) {
                    Lookup::Found(_) | Lookup::Ageing(_) => Err(refused(BAD_SIGNATURE)),
                    other => other.without_key(&expected),
                };
            }
            let token =
                UntrustedToken::parse(request.token).map_err(|refusal| refused(refusal.into()))?;
            let kid = token.kid().map(ToOwned::to_owned);
            let payload = match keys.find(token.kid(), request.lookup) {
                Lookup::Found(key) => token.verify(key),
                Lookup::Ageing(key) => {
                    is_ageing = true;
                    token.verify(key)
                }
                other => return other.without_key(&expected),
            };
            let payload = match payload {
                Ok(payload) => payload,
                Err(refusal) => {
                    if let (JwtRefusal::BadSignature, Some(kid)) = (refusal, &kid) {
                        keys.remember_forgery(request.token, kid, request.cache);
                        state.trim();
                    }
                    return Err(refused(refusal.into()));
                }
            };
            let terms = expected.terms_of(&payload).map_err(refused)?;
            let valid = session::validate(&payload, request.issuer, terms.kind, &terms.options)
                .map_err(refused)?;
            let verified = Verified::new(request.token, terms.kind, kid, valid);
            keys.verified().store(Arc::clone(&verified), request.cache);
            state.trim();
            (verified, terms)
        }
    };
    let allowed = allowed(
        state.policies(),
        request.issuer,
        &verified.valid.subject,
        terms.requirement,
        request.lookup,
    )?;
    Ok(match allowed {
        Checked::Needed(needs) => Checked::Needed(needs),
        Checked::Done(()) => Checked::Done(Accepted {
            via,
            is_ageing,
            token: Content::Verified(verified),
        }),
    })
}

impl<'a> Expected<'a> {
    /// Returns the terms of each accepted kind.
    fn terms(&self) -> &[Terms<'a>] {
        match self {
            Self::One(terms) => slice::from_ref(terms),
            #[cfg(feature = "api")]
            Self::AnyOf { terms, .. } => terms,
        }
    }

    /// Returns the terms of a verified token.
    #[cfg_attr(
        not(feature = "api"),
        expect(unused_variables, reason = "there is only one kind")
    )]
    fn terms_of(&self, payload: &VerifiedPayload) -> Result<&Terms<'a>, Refusal> {
        match self {
            // The validation of the claims decides whether the token has this kind.
            Self::One(terms) => Ok(terms),
            #[cfg(feature = "api")]
            Self::AnyOf { terms, .. } => {
                let kind = session::kind_of(payload)?;
                self.decide(kind);
                let accepted = terms.iter().find(|terms| terms.kind == kind);
                accepted.ok_or(Refusal::WrongTokenKind)
            }
        }
    }

    fn decide(&self, kind: TokenKind) {
        match self {
            Self::One(terms) => debug_assert_eq!(terms.kind, kind),
            #[cfg(feature = "api")]
            Self::AnyOf { decided, .. } => decided.set(Some(kind)),
        }
    }

    /// Returns whether an access token may be expected.
    fn is_of_service(&self) -> bool {
        let is_resource = |terms: &Terms<'_>| matches!(terms.requirement, Requirement::Resource(_));
        self.terms().iter().any(is_resource)
    }
}

impl Lookup<'_> {
    /// Returns the result of a check without a key. A service returns a verdict to its callers, so it reports an outage
    /// while a newer key set may contain the key.
    fn without_key(self, expected: &Expected<'_>) -> Result<Checked<Accepted>, ClientError> {
        match self {
            Self::Found(_) | Self::Ageing(_) | Self::Fetch => Ok(Checked::Needed(vec![Need::Keys])),
            Self::Wait => Ok(Checked::Needed(vec![Need::KeysBeingFetched])),
            Self::NotYetKnown(refusal) if !expected.is_of_service() => {
                Err(ClientError::refused(Reason::NotYetKnownKey(refusal)))
            }
            Self::Unknown(refusal) => Err(ClientError::refused(Reason::Token(refusal.into()))),
            Self::NotYetKnown(_) | Self::Unavailable => {
                Err(ClientError::keys_unavailable(Reason::KeysUnavailable))
            }
        }
    }
}

/// Checks a Connected App's token by the API's response to its introspection, in place of a local check.
///
/// # Errors
/// [`ClientError`] with `token_invalid` if the API does not accept the token, and with the codes of [`check`] if the
/// token does not satisfy the requirement.
pub fn introspected(
    state: &mut IsolateState,
    issuer: &Issuer,
    answer: &str,
    requirement: &Requirement,
    lookup: LookupContext,
) -> Result<Checked<Accepted>, ClientError> {
    let (json, subject) =
        session::introspected(answer, issuer.product).map_err(ClientError::token_invalid)?;
    let allowed = allowed(state.policies(), issuer, &subject, requirement, lookup)?;
    Ok(match allowed {
        Checked::Needed(needs) => Checked::Needed(needs),
        Checked::Done(()) => Checked::Done(Accepted::remote(json)),
    })
}

fn check_options(options: &CheckOptions) -> Result<(), ClientError> {
    let invalid = |message: &str| Err(ClientError::invalid_argument(message));
    if !options.now.is_finite() {
        return invalid("current_date must be a valid Date");
    }
    let ClockTolerance { after, before } = options.tolerance;
    let is_tolerance = |seconds: f64| (0.0..f64::INFINITY).contains(&seconds);
    if !is_tolerance(after) || !is_tolerance(before) {
        return invalid("clock_tolerance_seconds must be a finite number of at least 0");
    }
    if options
        .max_token_age
        .is_some_and(|age| age.is_nan() || age < 0.0)
    {
        return invalid("max_token_age_seconds must be a number of at least 0");
    }
    Ok(())
}

/// Decides whether the subject satisfies the requirement.
fn allowed(
    policies: &mut PolicyCache,
    issuer: &Issuer,
    subject: &Subject,
    requirement: &Requirement,
    lookup: LookupContext,
) -> Result<Checked<()>, ClientError> {
    use ClientErrorCode::{InvalidPermissions, TenancyMismatch};
    let permission = match requirement {
        Requirement::Nothing => None,
        Requirement::Scopes(required) => {
            require_scopes(subject, required)?;
            None
        }
        Requirement::Permission(check) => Some(check),
        Requirement::Resource(requirement) => {
            requirement.decide(subject)?;
            requirement.permission.as_ref()
        }
    };
    if let Some(check) = permission {
        let other_organization = || {
            let message = "authorization_check.organization_id is not the token's organization";
            ClientError::forbidden(TenancyMismatch, Reason::TenancyMismatch, message)
        };
        if !cfg!(feature = "api") {
            return Err(match subject.is_of_organization(check) {
                true => ClientError::needs_secret(),
                false => other_organization(),
            });
        }
        match decide(policies, issuer, (subject, check), lookup, &mut |_, _| {}) {
            Decision::Permitted => {}
            Decision::Needed(needs) => return Ok(Checked::Needed(needs)),
            Decision::Unavailable => return Err(ClientError::policy_unavailable()),
            Decision::OtherOrganization => return Err(other_organization()),
            Decision::NotPermitted => {
                let message = "no role or scope of the token allows authorization_check.action on authorization_check.resource_id";
                let reason = Reason::InvalidPermissions;
                return Err(ClientError::forbidden(InvalidPermissions, reason, message));
            }
        }
    }
    Ok(Checked::Done(()))
}

const BAD_SIGNATURE: Refusal = Refusal::Jwt(JwtRefusal::BadSignature);
