//! Tests every cell of the table.

use super::*;

const PURPOSES: [Purpose; 6] = [
    Purpose::Session,
    Purpose::SessionInOrganization,
    Purpose::Policy,
    Purpose::KeySet,
    Purpose::Introspection,
    Purpose::Token,
];

/// A row: a status, and the verdict and reason for each of [`PURPOSES`].
type Row = (u16, [&'static str; 6]);

const REFUSED: [Row; 14] = [
    (
        400,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "401 not_active",
            "misconfigured",
        ],
    ),
    (
        401,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "misconfigured",
            "misconfigured",
        ],
    ),
    (
        403,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "misconfigured",
            "misconfigured",
        ],
    ),
    (
        404,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "misconfigured",
            "misconfigured",
        ],
    ),
    (
        405,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "401 not_active",
            "misconfigured",
        ],
    ),
    (408, ["api", "api", "policy", "keys", "api", "api"]),
    (
        422,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "401 not_active",
            "misconfigured",
        ],
    ),
    (425, ["api", "api", "policy", "keys", "api", "api"]),
    (
        429,
        [
            "rate_limited",
            "rate_limited",
            "rate_limited",
            "keys",
            "rate_limited",
            "rate_limited",
        ],
    ),
    (
        499,
        [
            "misconfigured",
            "misconfigured",
            "misconfigured",
            "keys",
            "401 not_active",
            "misconfigured",
        ],
    ),
    (500, ["api", "api", "policy", "keys", "api", "api"]),
    (502, ["api", "api", "policy", "keys", "api", "api"]),
    (503, ["api", "api", "policy", "keys", "api", "api"]),
    (599, ["api", "api", "policy", "keys", "api", "api"]),
];

fn shown(denial: Denial) -> String {
    match denial {
        Denial::Unauthenticated(reason) => format!("401 {}", reason.word()),
        Denial::Forbidden(reason) => format!("403 {}", reason.word()),
        Denial::Unavailable(reason) => {
            let word = reason.word();
            word.strip_suffix("_unavailable").unwrap_or(word).to_owned()
        }
    }
}

#[test]
fn maps_each_status_and_purpose_to_one_outcome() {
    for (status, row) in REFUSED {
        for (purpose, expected) in PURPOSES.into_iter().zip(row) {
            let outcome = outcome_of(purpose, RequestFailure::Status(status, ""));
            assert_eq!(shown(outcome.denial), expected, "{status} for {purpose:?}");
            let is_outage = matches!(status, 408 | 425 | 429 | 500..);
            assert_eq!(outcome.is_retryable, is_outage, "{status} for {purpose:?}");
        }
    }
}

#[test]
fn maps_every_outage_to_unavailable() {
    for status in (0..=999).filter(|status| is_outage(*status)) {
        for purpose in PURPOSES {
            for error_type in ["", "session_not_found_yet", "internal_server_error"] {
                let outcome = outcome_of(purpose, RequestFailure::Status(status, error_type));
                assert!(
                    matches!(outcome.denial, Denial::Unavailable(_)),
                    "{status} for {purpose:?}"
                );
                assert!(outcome.is_retryable);
            }
        }
    }
}

#[test]
fn maps_a_missing_response_to_unavailable_and_retryable() {
    let unreachable = ["api", "api", "policy", "keys", "api", "api"];
    for (reason, row) in [
        (
            Reason::Timeout,
            [
                "timeout", "timeout", "policy", "timeout", "timeout", "timeout",
            ],
        ),
        (Reason::ApiUnavailable, unreachable),
        (Reason::ConnectionRefused, unreachable),
        (Reason::ConnectionReset, unreachable),
        (Reason::Dns, unreachable),
        (Reason::Tls, unreachable),
        (Reason::Aborted, unreachable),
        (Reason::Unknown, unreachable),
    ] {
        for (purpose, expected) in PURPOSES.into_iter().zip(row) {
            let outcome = outcome_of(purpose, RequestFailure::NoResponse(reason));
            assert_eq!(
                shown(outcome.denial),
                expected,
                "{reason:?} for {purpose:?}"
            );
            assert!(outcome.is_retryable);
        }
    }
}

#[test]
fn maps_the_error_type_of_a_session_request_to_a_verdict_and_ignores_it_for_a_policy() {
    for (status, error_type, expected) in [
        (404, "session_not_found", "401 session_not_found"),
        (404, "user_not_found", "401 session_not_found"),
        (404, "member_not_found", "401 session_not_found"),
        (404, "organization_not_found", "401 session_not_found"),
        (403, "organization_not_found", "401 session_not_found"),
        (400, "invalid_session_token", "401 session_not_found"),
        (400, "unable_to_parse_session_jwt", "401 session_not_found"),
        (401, "unable_to_parse_session_jwt", "401 session_not_found"),
        (400, "invalid_token", "401 session_not_found"),
        (401, "invalid_token", "misconfigured"),
        (401, "invalid_session_token", "misconfigured"),
        (
            403,
            "consumer_session_authorization_error",
            "403 invalid_permissions",
        ),
        (
            403,
            "session_authorization_error",
            "403 invalid_permissions",
        ),
        (403, "organization_suspended", "403 invalid_permissions"),
        (
            403,
            "session_authorization_tenancy_error",
            "403 tenancy_mismatch",
        ),
        (401, "unauthorized_credentials", "misconfigured"),
    ] {
        let request_failure = RequestFailure::Status(status, error_type);
        let outcome = outcome_of(Purpose::Session, request_failure);
        assert_eq!(shown(outcome.denial), expected, "{status} {error_type}");
        let in_organization = outcome_of(Purpose::SessionInOrganization, request_failure);
        let expected = match error_type {
            "organization_not_found" => "403 tenancy_mismatch",
            _ => expected,
        };
        assert_eq!(shown(in_organization.denial), expected, "{error_type}");
        let policy = outcome_of(Purpose::Policy, request_failure);
        assert_eq!(
            shown(policy.denial),
            "misconfigured",
            "{status} {error_type}"
        );
    }
}

#[cfg(feature = "api")]
#[test]
fn maps_the_error_type_of_a_log_in_by_the_purpose_of_the_request() {
    for (status, error_type, link, form, password) in [
        (401, "unauthorized_credentials", CLIENT, CLIENT, USER),
        (429, "user_lock_limit_reached", "rate_limited", USER, USER),
        (
            429,
            "too_many_requests",
            "rate_limited",
            "rate_limited",
            "rate_limited",
        ),
        (404, "email_not_found", USER, USER, USER),
        (400, "invalid_email", USER, USER, USER),
        (401, "unable_to_auth_magic_link", USER, USER, USER),
        (400, "pkce_mismatch", USER, USER, USER),
        (404, "intermediate_session_not_found", USER, USER, USER),
        (400, "", CLIENT, CLIENT, CLIENT),
        (400, "bad_request", CLIENT, CLIENT, CLIENT),
        (404, "route_not_found", CLIENT, CLIENT, CLIENT),
        (400, "no_login_redirect_urls_set", CLIENT, CLIENT, CLIENT),
        (400, "invalid_login_magic_link_url", CLIENT, CLIENT, CLIENT),
        (401, "invalid_secret_authentication", CLIENT, CLIENT, CLIENT),
        (
            400,
            "live_id_used_in_test_environment",
            CLIENT,
            CLIENT,
            CLIENT,
        ),
        (
            400,
            "pkce_required_for_email_magic_links",
            CLIENT,
            CLIENT,
            CLIENT,
        ),
    ] {
        for (purpose, expected) in [
            (Purpose::LogIn, link),
            (Purpose::LogInForm, form),
            (Purpose::Password, password),
        ] {
            let outcome = outcome_of(purpose, RequestFailure::Status(status, error_type));
            assert_eq!(shown(outcome.denial), expected, "{purpose:?} {error_type}");
        }
    }
}

#[cfg(feature = "api")]
const USER: &str = "401 not_active";
#[cfg(feature = "api")]
const CLIENT: &str = "misconfigured";
