//! The local check of a token, from a caller's arguments to a session or whatever
//! else the token stands for: parse, find the key, let it judge, read the claims,
//! and only then ask what its bearer may do. No step looks ahead.

use std::{fmt, sync::Arc};

use super::{
    Asking, CacheLimits, ClientError, ClientErrorCode, Lookup, PolicyCache, Reason, Scopes,
    Verified,
    resource::{ResourceDemand, require_scopes},
    rights::{Decision, decide},
};
use crate::{
    jwt::UntrustedToken,
    session::{
        self, AuthorizationCheck, CheckOptions, Issuer, Judged, Refusal, Subject, TokenKind,
    },
};

/// One check, as a caller asks for it.
#[derive(Clone, Copy)]
pub struct CheckRequest<'a> {
    /// Whose tokens are accepted.
    pub issuer: &'a Issuer,
    /// The token.
    pub token: &'a str,
    /// What it must be for.
    pub kind: TokenKind,
    /// What its bearer must be allowed.
    pub demand: &'a Demand,
    /// For which moment, and how strictly.
    pub options: CheckOptions,
    /// How many tokens may be remembered.
    pub cache: CacheLimits,
    /// When it is asked, and how old keys and policies may be.
    pub asking: Asking,
}

/// What the bearer of a token must be allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// Nothing beyond having the token.
    Nothing,
    /// What the project's policy, or the organization's, gives its roles or scopes.
    Permission(AuthorizationCheck),
    /// These scopes themselves.
    Scopes(Vec<String>),
    /// What a service asks of whoever calls it.
    Resource(ResourceDemand),
}

/// What came of a step towards a decision that found nothing wrong.
#[derive(Debug, PartialEq, Eq)]
pub enum Checked<Result> {
    /// The decision.
    Done(Result),
    /// What has to be fetched first; never an empty list.
    Needed(Vec<Need>),
}

/// A token that is accepted.
#[derive(Clone, PartialEq)]
pub struct Accepted {
    /// Who says so.
    pub via: Via,
    /// Whether the key set is to be fetched again in the background.
    pub is_ageing: bool,
    token: Content,
}

#[derive(Clone, PartialEq)]
enum Content {
    Verified(Arc<Judged>),
    /// The result for callers, as JSON text.
    Introspected(String),
}

/// Who vouches for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The token was seen before; nothing had to be verified or fetched.
    Cache,
    /// The token was verified here.
    Local,
    /// The API.
    Remote,
}

impl Accepted {
    /// What the API said, or what was decided without a token, as JSON text.
    pub(crate) fn remote(json: String) -> Self {
        Self {
            via: Via::Remote,
            is_ageing: false,
            token: Content::Introspected(json),
        }
    }

    /// The result for callers, as JSON text.
    #[must_use]
    pub fn json(&self) -> &str {
        match &self.token {
            Content::Verified(judged) => &judged.json,
            Content::Introspected(json) => json,
        }
    }

    /// All claims of the token, as JSON text; empty if the API said what is known.
    #[must_use]
    pub fn payload(&self) -> &str {
        match &self.token {
            Content::Verified(judged) => &judged.payload,
            Content::Introspected(_) => "",
        }
    }
}

impl Via {
    /// The word that stands for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// Something of a project that a check needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The keys that the client provides; no request is needed for them.
    ProvidedKeys,
    /// Its key set.
    Keys,
    /// Its key set, which another call fetches: the check is to be tried again in a moment.
    KeysUnderWay,
    /// Its policy, or that of the organization with this identifier.
    Policy(Option<String>),
}

/// Shows no token and no session.
impl fmt::Debug for CheckRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CheckRequest for {:?}", self.issuer)
    }
}

/// Shows nothing of what the token says.
impl fmt::Debug for Accepted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Accepted via {}", self.via.word())
    }
}

/// Checks a token.
///
/// # Errors
/// [`ClientError`]: `jwt_invalid` or `jwt_too_old` with the rule that was broken as
/// its reason, `jwks_unavailable` if the key or a policy could not be had, `tenancy_mismatch`,
/// `invalid_permissions` or `missing_scopes` if the token is good and does not allow
/// what is demanded, or `invalid_argument` for options that are no numbers.
pub fn check(
    scopes: &mut Scopes,
    request: &CheckRequest<'_>,
) -> Result<Checked<Accepted>, ClientError> {
    check_options(&request.options)?;
    if request.token.is_empty() {
        return Err(ClientError::refused(Reason::NoCredentials));
    }
    let refused = |refusal: Refusal| ClientError::refused(Reason::Token(refusal));
    let keys = scopes.keys_from(request.issuer, request.asking.source);
    if request.asking.source.has_seed && !keys.is_seeded() {
        return Ok(Checked::Needed(vec![Need::ProvidedKeys]));
    }
    let known = keys
        .verified()
        .find(request.token, request.kind, request.cache);
    let known = known.map(|known| (known.kid.clone(), Arc::clone(&known.judged)));
    let via = if known.is_some() {
        Via::Cache
    } else {
        Via::Local
    };
    let mut is_ageing = false;
    let judged = match known {
        // A key that would not judge a token at first sight does not stand for it later.
        Some((kid, judged)) => match keys.find(kid.as_deref(), request.asking) {
            found @ (Lookup::Found(_) | Lookup::Ageing(_)) => {
                is_ageing = matches!(found, Lookup::Ageing(_));
                judged.judge_time(&request.options).map_err(refused)?;
                judged
            }
            other => return other.without_key(request.demand),
        },
        None => {
            let token =
                UntrustedToken::parse(request.token).map_err(|refusal| refused(refusal.into()))?;
            let kid = token.kid().map(ToOwned::to_owned);
            let payload = match keys.find(token.kid(), request.asking) {
                Lookup::Found(key) => token.verify(key),
                Lookup::Ageing(key) => {
                    is_ageing = true;
                    token.verify(key)
                }
                other => return other.without_key(request.demand),
            };
            let payload = payload.map_err(|refusal| refused(refusal.into()))?;
            let judged = session::judge(&payload, request.issuer, request.kind, &request.options)
                .map_err(refused)?;
            let judged = Arc::new(judged);
            let verified = Verified::new(request.token, request.kind, kid, Arc::clone(&judged));
            keys.verified().store(verified, request.cache);
            scopes.trim();
            judged
        }
    };
    let allowed = allowed(
        scopes.policies(),
        request.issuer,
        &judged.subject,
        request.demand,
        request.asking,
    )?;
    Ok(match allowed {
        Checked::Needed(needs) => Checked::Needed(needs),
        Checked::Done(()) => Checked::Done(Accepted {
            via,
            is_ageing,
            token: Content::Verified(judged),
        }),
    })
}

impl Lookup<'_> {
    /// What a check comes to for want of a key. A service is told no more than a verdict,
    /// and while newer keys may have it there is none.
    fn without_key(self, demand: &Demand) -> Result<Checked<Accepted>, ClientError> {
        match self {
            Self::Found(_) | Self::Ageing(_) | Self::Fetch => Ok(Checked::Needed(vec![Need::Keys])),
            Self::Wait => Ok(Checked::Needed(vec![Need::KeysUnderWay])),
            Self::NotYetKnown(refusal) if !matches!(demand, Demand::Resource(_)) => {
                Err(ClientError::refused(Reason::NotYetKnownKey(refusal)))
            }
            Self::Unknown(refusal) => Err(ClientError::refused(Reason::Token(refusal.into()))),
            Self::NotYetKnown(_) | Self::Unavailable => {
                Err(ClientError::keys_unavailable(Reason::KeysUnavailable))
            }
        }
    }
}

/// Reads what the API says of a Connected App's token, in place of a check of its
/// own.
///
/// # Errors
/// [`ClientError`]: `token_invalid` if the API does not vouch for the token,
/// `tenancy_mismatch` or `invalid_permissions` as in [`check`].
pub fn introspected(
    scopes: &mut Scopes,
    issuer: &Issuer,
    answer: &str,
    demand: &Demand,
    asking: Asking,
) -> Result<Checked<Accepted>, ClientError> {
    let (json, subject) =
        session::introspected(answer, issuer.product).map_err(ClientError::token_invalid)?;
    let allowed = allowed(scopes.policies(), issuer, &subject, demand, asking)?;
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
    if !(0.0..f64::INFINITY).contains(&options.clock_tolerance) {
        return invalid("clock_tolerance_seconds must be a number of at least 0");
    }
    if options
        .max_token_age
        .is_some_and(|age| age.is_nan() || age < 0.0)
    {
        return invalid("max_token_age_seconds must be a number of at least 0");
    }
    Ok(())
}

/// Whether the bearer may do what is demanded.
fn allowed(
    policies: &mut PolicyCache,
    issuer: &Issuer,
    subject: &Subject,
    demand: &Demand,
    asking: Asking,
) -> Result<Checked<()>, ClientError> {
    use ClientErrorCode::{InvalidPermissions, TenancyMismatch};
    let permission = match demand {
        Demand::Nothing => None,
        Demand::Scopes(required) => {
            require_scopes(subject, required)?;
            None
        }
        Demand::Permission(check) => Some(check),
        Demand::Resource(demand) => {
            demand.judge(subject)?;
            demand.permission.as_ref()
        }
    };
    if let Some(check) = permission {
        match decide(policies, issuer, (subject, check), asking, &mut |_, _| {}) {
            Decision::Permitted => {}
            Decision::Needed(needs) => return Ok(Checked::Needed(needs)),
            Decision::Unavailable => return Err(ClientError::policy_unavailable()),
            Decision::OtherOrganization => {
                let message = "the token is for a member of another organization";
                let reason = Reason::TenancyMismatch;
                return Err(ClientError::forbidden(TenancyMismatch, reason, message));
            }
            Decision::NotPermitted => {
                let message =
                    "no role or scope of the token's bearer allows the action on the resource";
                let reason = Reason::InvalidPermissions;
                return Err(ClientError::forbidden(InvalidPermissions, reason, message));
            }
        }
    }
    Ok(Checked::Done(()))
}
