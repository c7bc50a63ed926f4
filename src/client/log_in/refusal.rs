//! Why a log-in is refused.

/// The reason why a log-in is refused. New reasons may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogInRefusal {
    /// The request has no token, or no token type.
    NoToken,
    /// A parameter appears twice.
    DuplicateParameter,
    /// The token cannot be a token of Stytch, or the query is longer than 8 KiB.
    MalformedToken,
    /// The token type is not known.
    UnknownTokenType,
    /// The token type is that of the other product.
    OtherProduct,
    /// The token begins an impersonation, which the options do not allow.
    ImpersonationNotAllowed,
    /// This browser did not start such a flow, or started it too long ago.
    FlowNotStartedHere,
    /// The flow was started without PKCE, so that it is not bound to a browser.
    StartedWithoutPkce,
    /// Another browser started the flow of this token.
    VerifierMismatch,
    /// The request has another method than it needs.
    MethodNotAllowed,
    /// A page of another origin, or a sender that is not known, sent the request.
    CrossOrigin,
    /// The request is a prefetch, a prerendering or a preview.
    SpeculativeRequest,
    /// The API does not know the token, or it was used before, or it has expired.
    TokenNotAccepted,
    /// The new password does not meet the rules of the project. The user can try another one.
    PasswordNotAccepted,
    /// The rules of the project or the organization do not allow this log-in.
    NotAllowed,
}

impl LogInRefusal {
    /// Returns the reason for an `error_type` by which the API refuses a token.
    #[must_use]
    pub fn of_api(error_type: &str) -> Self {
        match error_type {
            "pkce_mismatch" | "invalid_pkce_code_verifier" => Self::VerifierMismatch,
            "pkce_expected_code_verifier" => Self::FlowNotStartedHere,
            // It has ended.
            _ if error_type.starts_with("intermediate_session") => Self::FlowNotStartedHere,
            WITHOUT_PKCE => Self::StartedWithoutPkce,
            _ if PASSWORDS.contains(&error_type) => Self::PasswordNotAccepted,
            _ if error_type.starts_with("unable_to_auth")
                || error_type.ends_with("_not_found")
                || matches!(error_type, "invalid_token" | "attribute_mismatch") =>
            {
                Self::TokenNotAccepted
            }
            _ => Self::NotAllowed,
        }
    }

    /// Returns the stable word for the reason.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::DuplicateParameter => "duplicate_parameter",
            Self::MalformedToken => "malformed_token",
            Self::UnknownTokenType => "unknown_token_type",
            Self::OtherProduct => "other_product",
            Self::ImpersonationNotAllowed => "impersonation_not_allowed",
            Self::FlowNotStartedHere => "flow_not_started_here",
            Self::StartedWithoutPkce => "started_without_pkce",
            Self::VerifierMismatch => "verifier_mismatch",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::CrossOrigin => "cross_origin",
            Self::SpeculativeRequest => "speculative_request",
            Self::TokenNotAccepted => "token_not_accepted",
            Self::PasswordNotAccepted => "password_not_accepted",
            Self::NotAllowed => "not_allowed",
        }
    }
}

/// The `error_type` for a token whose flow was started without PKCE, if a verifier is sent.
pub(crate) const WITHOUT_PKCE: &str = "pkce_did_not_expect_code_verifier";

/// The `error_type`s for a password that is not accepted. The token is not used up.
const PASSWORDS: [&str; 3] = ["weak_password", "breached_password", "invalid_password"];
