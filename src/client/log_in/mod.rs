//! The decisions of a log-in round trip: which flow a browser started, what a redirect of Stytch means, and which cookies
//! and which redirect answer it.
//!
//! A flow is bound to the browser that started it by PKCE (RFC 7636): [`start`] creates a verifier, a cookie keeps it in
//! the browser, and the API accepts the token of the redirect only together with the verifier. Without this binding, an
//! attacker could send the link of the attacker's own log-in to a user, and the user would work in the attacker's account
//! (RFC 6819, section 4.4.1.8).
//!
//! This module sends no requests, and does not know how sessions are checked.

mod token_types;
pub use token_types::{Credential, FlowKind, TokenType};

mod methods;
pub use methods::{LogInMethod, StartUrl};

mod return_to;
pub use return_to::ReturnTo;

mod incoming;
pub use incoming::IncomingRequest;

mod query;
pub use query::RedirectQuery;

mod pkce;
pub use pkce::Verifier;

mod cookies;
pub use cookies::{FlowCookie, KeptLink, KeptReset, LogInCookies, Pending};

mod refusal;
pub use refusal::LogInRefusal;
pub(crate) use refusal::WITHOUT_PKCE;

mod answer;
pub use answer::{Answered, read_answer};

mod decided;
pub use decided::{LogIn, LogInOutcome, LogInPages};

mod start;
pub use start::{StartLogIn, Started, start};

mod redirect;
pub use redirect::{Redirect, RedirectRules, read_redirect};
