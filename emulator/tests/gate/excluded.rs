//! Optional parameters that a valid call cannot have in addition to the others: those of OAuth log-ins and fraud rules.

/// The route, the name of the parameter, and the reason.
pub const MORE_EXCLUDED: &[(&str, &str, &str)] = &[
    ("POST /v1/rules/set", "browser_id", "Excludes visitor_id."),
    (
        "POST /v1/rules/set",
        "visitor_fingerprint",
        "Excludes visitor_id.",
    ),
    (
        "POST /v1/rules/set",
        "browser_fingerprint",
        "Excludes visitor_id.",
    ),
    (
        "POST /v1/rules/set",
        "hardware_fingerprint",
        "Excludes visitor_id.",
    ),
    (
        "POST /v1/rules/set",
        "network_fingerprint",
        "Excludes visitor_id.",
    ),
    ("POST /v1/rules/set", "cidr_block", "Excludes visitor_id."),
    ("POST /v1/rules/set", "country_code", "Excludes visitor_id."),
    ("POST /v1/rules/set", "asn", "Excludes visitor_id."),
    (
        "POST /v1/rules/list",
        "cursor",
        "No list has a second page.",
    ),
    (
        "POST /v1/oauth/attach",
        "session_token",
        "Excludes user_id.",
    ),
    ("POST /v1/oauth/attach", "session_jwt", "Excludes user_id."),
    (
        "POST /v1/oauth/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/oauth/authenticate",
        "code_verifier",
        "The log-in has no challenge.",
    ),
    (
        "POST /v1/b2b/oauth/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/oauth/authenticate",
        "pkce_code_verifier",
        "The log-in has no challenge.",
    ),
    (
        "POST /v1/b2b/oauth/discovery/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/oauth/discovery/authenticate",
        "pkce_code_verifier",
        "The log-in has no challenge.",
    ),
];
