//! The decisions of a client: the content of requests, the meaning of responses, the lifetime of keys and policies, and
//! the verdict on sessions.
//!
//! This module does no I/O: time and responses are parameters. `flow` contains the order of the steps and sends the
//! requests between them.

mod config;
pub use config::{Config, DEFAULT_TIMEOUT_MS, ProvidedKeys, Secret};

pub mod endpoint;

mod request;
pub use request::{
    Arguments, Body, MAX_FORM_TEXT_LENGTH, MAX_RESPONSE_BYTES, MAX_TEXT_LENGTH, MemberSession,
    NotText, OutgoingRequest, build,
};

mod escape;

mod own_requests;
pub use own_requests::{
    AuthenticateSession, introspection_request, key_set_request, policy_request, session_request,
    token_request, whoami_request,
};
#[cfg(feature = "api")]
pub use own_requests::{log_in_request, revoke_request};

mod answer;
pub use answer::{ResponseKind, classify};

mod check;
pub use check::{
    Accepted, CheckRequest, Checked, Expected, Need, Requirement, Terms, Via, check, introspected,
};

mod resource;
pub use resource::ServiceRequirement;

mod protected_resource;
pub use protected_resource::{ProtectedResource, ProtectedResourceMetadata, is_safe_origin};

mod rights;
pub use rights::explain;

mod fetches;
pub use fetches::{Lifetimes, LookupContext};

mod keys;
pub use keys::{KeyCache, Lookup};

mod forged;
pub use forged::ForgedTokens;

mod verified;
pub use verified::{CacheLimits, Verified, VerifiedTokens};

mod policies;
pub use policies::{PolicyCache, PolicyLookup};

mod isolate_state;
pub use isolate_state::{IsolateState, KeySource};

mod recent;
pub(crate) use recent::Recent;

mod decimal;
pub use decimal::decimal;
#[cfg(feature = "api")]
use decimal::read_decimal;

mod store;
pub use store::MAX_ENTRY_BYTES;

mod loading;
pub use loading::{LOAD_TIMEOUT_MS, Loaded, Loading};

mod outcomes;
pub use outcomes::{Denial, Purpose, RequestFailure, RequestOutcome, is_outage, outcome_of};

mod credentials;
pub use credentials::{
    Credentials, MAX_TOKENS, RequestHeaders, bearer, cut_to_token_limit, is_plausible_session_token,
};

#[cfg(feature = "api")]
pub use credentials::has_cookie;

mod cookies;
pub use cookies::{Cookie, CookieMode, CookieRules, SameSite};

mod required_claims;
pub use required_claims::{RequiredClaim, RequiredValue, holds_claims};

mod fallback;
pub use fallback::{FallbackDecision, RemoteCalls, RemoteFallback};

mod retries;
pub use retries::{DEFAULT_RETRIES, FailedAttempt, MAX_RETRIES, RetryBudgets, RetryClass};

mod refreshes;
pub use refreshes::{
    Admission, RefreshCall, RefreshClass, RefreshLimits, RefreshOwner, RefreshResult, Refreshes,
    ReportKind,
};

mod verdict;
pub use verdict::{
    ApiRefusalDetails, SessionCredentials, SessionToken, Verdict, VerdictWithCookies, is_permanent,
};

mod api_body;
pub(crate) use api_body::ApiBody;

mod refreshed;
pub use refreshed::{Cleared, NewSession, Refresh, log_in_cookies, log_out_cookies, session_id_in};

#[cfg(feature = "api")]
mod log_in;
#[cfg(feature = "api")]
pub(crate) use log_in::WITHOUT_PKCE;
#[cfg(feature = "api")]
pub use log_in::{
    Answered, Credential, FlowCookie, FlowKind, IncomingRequest, KeptLink, KeptReset, LogIn,
    LogInCookies, LogInMethod, LogInOutcome, LogInPages, LogInRefusal, Pending as PendingLogIn,
    Redirect, RedirectQuery, RedirectRules, ReturnTo, StartLogIn, StartUrl, Started, TokenType,
    Verifier, read_answer, read_redirect, start,
};

mod findings;
pub(crate) use findings::displayed;
pub use findings::{
    ClockReading, Finding, FindingCode, ProjectFacts, Severity, clock_finding, cookie_finding,
    project_finding,
};

mod error;
pub(crate) use error::ShownRequest;
pub use error::{ClientError, ClientErrorCode, Failure, Reason, RequestError};
