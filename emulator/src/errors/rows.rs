//! The error types, one row each.
//!
//! Types and statuses are those of the API. The messages are the emulator's own, so tests should compare the type.

use super::failure::{Docs, ErrorRow};

/// An error type that both products document on the same page.
const fn shared(status: u16, error_type: &'static str, message: &'static str) -> ErrorRow {
    ErrorRow {
        status,
        error_type,
        message,
        docs: Docs::Stytch("api"),
    }
}

/// An error type that only B2B routes return.
pub(super) const fn b2b(status: u16, error_type: &'static str, message: &'static str) -> ErrorRow {
    ErrorRow {
        status,
        error_type,
        message,
        docs: Docs::Stytch("b2b/api"),
    }
}

macro_rules! rows {
    ($($name:ident = $row:expr;)*) => { $(pub(crate) static $name: ErrorRow = $row;)* };
}

// Requests in general.
rows! {
    ROUTE_NOT_FOUND = shared(404, "route_not_found", "The path is not a route of the API.");
    METHOD_NOT_ALLOWED = shared(405, "method_not_allowed", "The route does not accept this method.");
    NOT_IMPLEMENTED = ErrorRow { docs: Docs::Coverage, ..shared(501, "not_implemented_by_emulator", "The emulator does not have this route.") };
    INVALID_AUTHORIZATION_HEADER = shared(400, "invalid_authorization_header", "The Authorization header must be Basic, with a project ID and a secret.");
    INVALID_PROJECT_ID_AUTHENTICATION = shared(400, "invalid_project_id_authentication", "The project ID in the Authorization header must have the form project-<test or live>-<uuid>.");
    INVALID_SECRET_AUTHENTICATION = shared(400, "invalid_secret_authentication", "The secret in the Authorization header must have the form secret-<test or live>-<base64url>.");
    UNAUTHORIZED_CREDENTIALS = shared(401, "unauthorized_credentials", "The project ID or the secret is wrong.");
    INVALID_B2B_ENDPOINT = shared(400, "invalid_b2b_endpoint", "This is a B2B endpoint, but the project is a consumer project.");
    INVALID_CONSUMER_ENDPOINT = shared(400, "invalid_consumer_endpoint", "This is a consumer endpoint, but the project is a B2B project.");
    BAD_REQUEST = shared(400, "bad_request", "The request is malformed.");
    INVALID_ARGUMENT = shared(400, "invalid_argument", "A field of the request is invalid.");
    TOO_MANY_REQUESTS = shared(429, "too_many_requests", "Too many requests.");
    INTERNAL_SERVER_ERROR = shared(500, "internal_server_error", "An internal error occurred in the emulator.");
    SERVER_UNAVAILABLE = shared(503, "server_unavailable", "The server is unavailable.");
    INVALID_PROJECT_ID = shared(400, "invalid_project_id", "The project ID in the path must have the form project-<test or live>-<uuid>.");
    PROJECT_NOT_FOUND = shared(404, "project_not_found", "The project does not exist.");
}

// Browser SDKs.
rows! {
    INVALID_PUBLIC_TOKEN_ID = shared(400, "invalid_public_token_id", "The public token must have the form public-token-<test or live>-<uuid>.");
    PUBLIC_TOKEN_NOT_FOUND = shared(404, "public_token_not_found", "No project has this public token.");
    BAD_VERTICAL_FOR_SDK = shared(400, "bad_vertical_for_stytch_sdk", "The public token belongs to a project of the other product.");
    USER_UNAUTHENTICATED = shared(401, "user_unauthenticated", "The request does not have a session token.");
}

// Log-ins of members.
rows! {
    PRIMARY_AUTHENTICATION_NOT_MET = b2b(400, "action_available_only_once_primary_authentication_is_met", "The log-in needs a primary factor before its second factor.");
}

// One-time passcodes.
rows! {
    OTP_CODE_NOT_FOUND = shared(404, "otp_code_not_found", "The code is wrong.");
    UNABLE_TO_AUTH_OTP_CODE = shared(401, "unable_to_auth_otp_code", "The code has been used or has expired.");
}

// Fields that several operations accept.
rows! {
    INVALID_EMAIL = shared(400, "invalid_email", "The email address is missing or malformed.");
    INVALID_PHONE_NUMBER = shared(400, "invalid_phone_number", "The phone number must be in E.164 form, for example +15005550006.");
    INVALID_LOCALE = shared(400, "invalid_locale", "The locale must be en, es, pt-br or fr.");
    INVALID_EXPIRATION = shared(400, "invalid_expiration", "The expiration must be 5 to 10080 minutes.");
    METADATA_TOO_MANY_KEYS = shared(400, "metadata_too_many_keys", "Metadata must not have more than 20 keys at the top level.");
    METADATA_TOO_LARGE = shared(400, "metadata_too_large", "Metadata must not have more than 4096 bytes of JSON.");
    STYTCH_CLAIMS_IN_CUSTOM_CLAIMS = shared(400, "stytch_claims_in_custom_claims", "The name of a custom claim must not start with https://stytch.com/.");
    CUSTOM_CLAIMS_TOO_LARGE = shared(400, "custom_claims_too_large", "Custom claims must not have more than 4096 bytes of JSON.");
}

// Users.
rows! {
    USER_NOT_FOUND = shared(404, "user_not_found", "The user does not exist.");
    INVALID_USER_ID = shared(400, "invalid_user_id", "The user ID is missing or malformed.");
    INVALID_CREATE_USER_REQUEST = shared(400, "invalid_create_user_request", "An email address or a phone number is required.");
    DUPLICATE_EMAIL = shared(400, "duplicate_email", "Another user has this email address.");
    DUPLICATE_PHONE_NUMBER = shared(400, "duplicate_phone_number", "Another user has this phone number.");
    DUPLICATE_USER_EXTERNAL_ID = shared(400, "duplicate_user_external_id", "Another user has this external ID.");
    INVALID_EXTERNAL_ID = shared(400, "invalid_external_id", "The external_id must have 1 to 128 characters of A-Z, a-z, 0-9 and ._|-");
    SEARCH_INVALID_OPERATOR = shared(400, "user_search_invalid_operator", "The operator must be AND or OR.");
    SEARCH_INVALID_CURSOR = shared(400, "user_search_invalid_cursor", "The cursor must be a next_cursor of the same search.");
    SEARCH_INVALID_LIMIT = shared(400, "user_search_invalid_limit", "The limit must be a whole number from 1 to 1000.");
    SEARCH_MISSING_FILTER_NAME = shared(400, "user_search_missing_filter_name", "A filter_name is required in each operand.");
    SEARCH_MISSING_FILTER_VALUE = shared(400, "user_search_missing_filter_value", "A filter_value is required in each operand.");
    SEARCH_FILTER_NAME_MUST_BE_STRING = shared(400, "user_search_filter_name_must_be_string", "The filter_name must be a string.");
    SEARCH_FILTER_NAME_NOT_RECOGNIZED = shared(400, "user_search_filter_name_not_recognized", "The filter_name is not a filter of the user search.");
    SEARCH_INVALID_STATUS_FILTER = shared(400, "user_search_invalid_status_filter", "The filter_value of status must be active or pending.");
    SEARCH_EXPECTED_STRING = shared(400, "user_search_expected_string", "The filter_value must be a string.");
    SEARCH_EXPECTED_STRINGS = shared(400, "user_search_expected_array_of_string", "The filter_value must be an array of strings.");
    SEARCH_EXPECTED_BOOL = shared(400, "user_search_expected_bool", "The filter_value must be a boolean.");
    SEARCH_EXPECTED_OBJECT = shared(400, "user_search_expected_object", "The filter_value must be an object with greater_than and less_than.");
    SEARCH_EXPECTED_TIMESTAMP = shared(400, "user_search_expected_timestamp", "Each time in the filter_value must be an RFC 3339 timestamp.");
    SEARCH_EMAIL_TOO_SHORT = shared(400, "user_search_email_address_fuzzy_too_short", "The filter_value of email_address_fuzzy must have at least 3 characters.");
    SEARCH_PHONE_TOO_SHORT = shared(400, "user_search_phone_number_fuzzy_too_short", "The filter_value of phone_number_fuzzy must have at least 3 characters.");
    SEARCH_NAME_TOO_SHORT = shared(400, "user_search_full_name_fuzzy_too_short", "The filter_value of full_name_fuzzy must have at least 3 characters.");
}

// Links.
rows! {
    INVALID_TOKEN = shared(400, "invalid_token", "The token must have 44 characters of base64url.");
    MAGIC_LINK_NOT_FOUND = shared(404, "magic_link_not_found", "The magic link does not exist.");
    UNABLE_TO_AUTH_MAGIC_LINK = shared(401, "unable_to_auth_magic_link", "The magic link has been used or has expired.");
    ATTRIBUTE_MISMATCH = shared(401, "attribute_mismatch", "The attributes differ from those of the request for the link.");
    INVALID_LOGIN_URL = shared(400, "invalid_login_magic_link_url", "The login_magic_link_url must be an absolute URL without a fragment.");
    INVALID_SIGNUP_URL = shared(400, "invalid_signup_magic_link_url", "The signup_magic_link_url must be an absolute URL without a fragment.");
    INVALID_LOGIN_REDIRECT_URL = shared(400, "invalid_login_redirect_url", "The login_redirect_url must be an absolute URL without a fragment.");
    INVALID_SIGNUP_REDIRECT_URL = shared(400, "invalid_signup_redirect_url", "The signup_redirect_url must be an absolute URL without a fragment.");
    NO_MATCH_FOR_URL = shared(400, "no_match_for_provided_magic_link_url", "The emulator accepts redirect URLs that are https, or http with a loopback host.");
    PKCE_EXPECTED_VERIFIER = shared(400, "pkce_expected_code_verifier", "The link was requested with a code challenge, so the code verifier is required.");
    PKCE_UNEXPECTED_VERIFIER = shared(400, "pkce_did_not_expect_code_verifier", "The link was requested without a code challenge, so a code verifier must not be given.");
    PKCE_MISMATCH = shared(400, "pkce_mismatch", "The code verifier does not match the code challenge.");
    INVALID_CODE_CHALLENGE = shared(400, "invalid_pkce_code_challenge", "The code challenge must be the base64url of a SHA-256 hash.");
}

// Sessions.
rows! {
    SESSION_NOT_FOUND = shared(404, "session_not_found", "The session does not exist or has ended.");
    INVALID_SESSION_TOKEN = shared(400, "invalid_session_token", "The session token must have 44 characters of base64url.");
    UNABLE_TO_PARSE_SESSION_JWT = shared(400, "unable_to_parse_session_jwt", "The session_jwt is malformed or not signed by this project.");
    NO_SESSION_ARGUMENTS = shared(400, "no_session_arguments", "Either session_token or session_jwt is required.");
    TOO_MANY_SESSION_ARGUMENTS = shared(400, "too_many_session_arguments", "Only one of session_token and session_jwt may be given.");
    NO_SESSION_REVOKE_ARGUMENTS = shared(400, "no_session_revoke_arguments", "A field that selects the session to revoke is required.");
    TOO_MANY_SESSION_REVOKE_ARGUMENTS = shared(400, "too_many_session_revoke_arguments", "Only one field may select the session to revoke.");
    INVALID_SESSION_DURATION = shared(400, "invalid_session_duration_minutes", "The session_duration_minutes must be 5 to 527040.");
}

// Roles.
rows! {
    CONSUMER_AUTHORIZATION_ERROR = shared(403, "consumer_session_authorization_error", "The roles of the session do not allow this action.");
    EMPTY_RBAC_RESOURCE_ID = shared(400, "empty_rbac_resource_id", "The field authorization_check.resource_id is required.");
    EMPTY_RBAC_ROLE_ID = shared(400, "empty_rbac_role_id", "The role_id of each role is required.");
    INVALID_RBAC_ROLE_ID = shared(400, "invalid_rbac_role_id", "The role does not exist.");
    INVALID_RBAC_CUSTOM_ROLE = b2b(400, "invalid_rbac_custom_role", "A role is malformed.");
    INVALID_RBAC_STYTCH_ROLE_EDIT = b2b(400, "invalid_rbac_stytch_role_edit", "The role_id of a custom role must not start with stytch.");
    RBAC_ROLE_DUPLICATE = b2b(400, "rbac_role_duplicate", "Two roles have the same role_id.");
    RBAC_PERMISSION_MISSING_ACTIONS = b2b(400, "rbac_permission_missing_actions", "Each permission must have at least one action.");
    INVALID_PERMISSION_RESOURCE = b2b(400, "invalid_permission_resource", "The policy of the project does not have the resource of a permission.");
    INVALID_PERMISSION_ACTION = b2b(400, "invalid_permission_action", "The resource of a permission does not have the action.");
}

// M2M clients. The errors for the limit, cursor and operator of a search are those of the user search.
rows! {
    M2M_CLIENT_NOT_FOUND = shared(404, "m2m_client_not_found", "The M2M client does not exist.");
    DUPLICATE_M2M_CLIENT_ID = shared(400, "duplicate_m2m_client_id", "Another M2M client has this ID.");
    M2M_CLIENT_INVALID_CLIENT_ID = shared(400, "m2m_client_invalid_client_id", "The client_id must have 1 to 128 characters of A-Z, a-z, 0-9 and ._|-");
    M2M_CLIENT_INVALID_STATUS = shared(400, "m2m_client_invalid_status", "The status must be active or inactive.");
    INVALID_M2M_CLIENT_SCOPE = shared(400, "invalid_m2m_client_scope", "Each scope must be printable ASCII without spaces, quotes and backslashes.");
    INSECURE_M2M_CLIENT_SECRET = shared(400, "insecure_m2m_client_secret", "The client_secret must have at least 8 characters, and at least 5 different ones.");
    CLIENT_SECRET_TOO_LONG = shared(400, "client_secret_too_long", "The client_secret must not have more than 128 characters.");
    M2M_CLIENT_ALREADY_ROTATING_SECRET = shared(400, "m2m_client_already_rotating_secret", "The client already has a next secret.");
    M2M_CLIENT_NOT_ROTATING_SECRET = shared(400, "m2m_client_not_rotating_secret", "The client does not have a next secret.");
    M2M_SEARCH_MISSING_FILTER_NAME = shared(400, "m2m_search_missing_filter_name", "A filter_name is required in each operand.");
    M2M_SEARCH_MISSING_FILTER_VALUE = shared(400, "m2m_search_missing_filter_value", "A filter_value is required in each operand.");
    M2M_SEARCH_FILTER_NAME_MUST_BE_STRING = shared(400, "m2m_search_filter_name_must_be_string", "The filter_name must be a string.");
    M2M_SEARCH_FILTER_NAME_NOT_RECOGNIZED = shared(400, "m2m_search_filter_name_not_recognized", "The filter_name must be client_id, client_name or scopes.");
    M2M_SEARCH_EXPECTED_ARRAY_OF_STRINGS = shared(400, "m2m_search_expected_array_of_strings", "The filter_value must be an array of strings.");
}

// Connected Apps. The errors for the limit and cursor of a search are those of the user search.
rows! {
    CONNECTED_APP_NOT_FOUND = shared(404, "connected_app_not_found", "The Connected App does not exist.");
    INVALID_CONNECTED_APP_TYPE = shared(400, "invalid_connected_app_type", "The client_type must be first_party, first_party_public, third_party or third_party_public.");
    CONNECTED_APP_ALREADY_ROTATING_SECRET = shared(400, "connected_app_already_rotating_secret", "The app already has a next secret.");
    CONNECTED_APP_NOT_ROTATING_SECRET = shared(400, "connected_app_not_rotating_secret", "The app does not have a next secret.");
    PUBLIC_CONNECTED_APPS_DO_NOT_HAVE_SECRETS = shared(400, "public_connected_apps_do_not_have_secrets", "The app is public, so it does not have a secret.");
    CONNECTED_APP_INVALID_REDIRECT_URL = shared(400, "connected_app_invalid_redirect_url", "A redirect URL is malformed or has a fragment.");
    CONNECTED_APP_REDIRECT_URL_MUST_INCLUDE_SCHEME = shared(400, "connected_app_redirect_url_must_include_scheme", "A redirect URL does not have a scheme.");
    CONNECTED_APP_REDIRECT_URL_MUST_USE_HTTP_OR_HTTPS = shared(400, "connected_app_redirect_url_must_use_http_or_https_scheme", "The scheme of a redirect URL must be https or http. A public app may use a private scheme with a dot.");
    CONNECTED_APP_REDIRECT_URL_HTTP_MUST_USE_LOOPBACK = shared(400, "connected_app_redirect_url_http_scheme_must_use_loopback", "A redirect URL with the scheme http must have a loopback host.");
    IDP_INVALID_ACCESS_TOKEN_EXPIRY_MINUTES = shared(400, "idp_invalid_access_token_expiry_minutes", "The access_token_expiry_minutes must be 5 to 1440.");
    IDP_INVALID_ACCESS_TOKEN_CUSTOM_AUDIENCE = shared(400, "idp_invalid_access_token_custom_audience", "The access_token_custom_audience must not have whitespace.");
    IDP_INVALID_ACCESS_TOKEN_JWT_TEMPLATE = shared(400, "idp_invalid_access_token_jwt_template", "The template is malformed.");
    SUPPLIED_REDIRECT_URL_NOT_FOUND = shared(401, "connected_app_supplied_redirect_url_not_found_in_client", "The redirect_uri is not a registered redirect URL of the app.");
    INVALID_CLIENT_ID = shared(400, "invalid_client_id", "The client_id is required.");
    NO_OAUTH_AUTHORIZE_USER_SELECTOR = shared(400, "no_oauth_authorize_user_selector", "One of user_id, session_token and session_jwt is required.");
    NO_OAUTH_AUTHORIZE_MEMBER_SELECTOR = b2b(400, "no_oauth_authorize_member_selector", "One of member_id, session_token and session_jwt is required.");
    PKCE_REQUIRED_FOR_IDP = shared(400, "pkce_required_for_idp_authorization_flow", "A public app must send a code_challenge.");
    CONNECTED_APP_NOT_ALLOWED_FOR_ORG = b2b(400, "connected_app_not_allowed_for_org", "The organization does not allow the app.");
    IDP_ACCESS_TOKEN_EXPIRED = shared(401, "idp_access_token_expired", "The access token has expired.");
    THIRD_PARTY_CANNOT_USE_FULL_ACCESS = shared(400, "third_party_clients_cannot_use_full_access", "A third-party app cannot have full access.");
    THIRD_PARTY_OFFLINE_ACCESS_REQUIRES_CONSENT = shared(400, "third_party_clients_require_consent_for_offline_access", "A third-party app cannot bypass the consent for offline_access.");
}

// OAuth 2.0 (RFC 6749, section 5.2).
rows! {
    INVALID_REQUEST = shared(400, "invalid_request", "A parameter is missing or occurs more than once.");
    INVALID_CLIENT = shared(401, "invalid_client", "The client is unknown or inactive, or its secret is wrong.");
    INVALID_GRANT = shared(400, "invalid_grant", "The code or refresh token is not valid.");
    INVALID_SCOPE = shared(400, "invalid_scope", "The client does not have a requested scope.");
    UNSUPPORTED_GRANT_TYPE = shared(400, "unsupported_grant_type", "The grant_type must be client_credentials, authorization_code or refresh_token.");
}

// B2B.
rows! {
    ORGANIZATION_NOT_FOUND = b2b(404, "organization_not_found", "The organization does not exist.");
    INVALID_ORGANIZATION_ID = b2b(400, "invalid_organization_id", "The organization ID is missing or malformed.");
    ORGANIZATION_NAME_MISSING = b2b(400, "organization_name_missing", "The organization_name is required.");
    INVALID_ORGANIZATION_NAME = b2b(400, "invalid_organization_name", "The organization_name must have 1 to 128 characters.");
    INVALID_ORGANIZATION_SLUG = b2b(400, "invalid_organization_slug", "The organization_slug must have 2 to 128 characters of A-Z, a-z, 0-9 and -._~ and at least one letter or digit.");
    ORGANIZATION_SLUG_USED = b2b(400, "organization_slug_already_used", "Another organization has this slug.");
    INVALID_ORGANIZATION_EXTERNAL_ID = b2b(400, "invalid_organization_external_id", "The organization_external_id must have 1 to 128 characters of A-Z, a-z, 0-9 and ._|-");
    ORGANIZATION_EXTERNAL_ID_USED = b2b(400, "organization_external_id_already_used", "Another organization has this external ID.");
    INVALID_AUTH_FACTOR_SETTING = b2b(400, "invalid_organization_auth_factor_setting", "A setting for joining the organization is invalid.");
    INVALID_AUTH_METHODS = b2b(400, "invalid_organization_auth_method_settings", "The setting must be ALL_ALLOWED or RESTRICTED.");
    INVALID_ALLOWED_AUTH_METHODS = b2b(400, "invalid_organization_allowed_auth_methods", "The allowed_auth_methods must be sso, magic_link, email_otp, password, google_oauth, microsoft_oauth, slack_oauth, github_oauth or hubspot_oauth.");
    INVALID_ALLOWED_MFA_METHODS = b2b(400, "invalid_organization_allowed_mfa_methods", "The allowed_mfa_methods must be sms_otp or totp.");
    INVALID_MFA_POLICY = b2b(400, "invalid_organization_mfa_policy", "The mfa_policy must be OPTIONAL or REQUIRED_FOR_ALL.");
    AUTH_METHODS_NEEDED = b2b(400, "allowed_auth_methods_required_for_restricted", "If auth_methods is RESTRICTED, allowed_auth_methods must not be empty.");
    MFA_METHODS_NEEDED = b2b(400, "allowed_mfa_methods_required_for_restricted", "If mfa_methods is RESTRICTED, allowed_mfa_methods must not be empty.");
    DOMAIN_TOO_COMMON = b2b(400, "organization_settings_domain_too_common", "The email_allowed_domains must not contain the domain of a public email provider.");
    INVALID_DOMAIN = b2b(400, "organization_settings_invalid_domain", "The email_allowed_domains contain a malformed domain.");
    DUPLICATE_DOMAIN = b2b(400, "organization_settings_duplicate_domain", "The email_allowed_domains contain a domain twice.");
    MEMBER_NOT_FOUND = b2b(404, "member_not_found", "The member does not exist.");
    INVALID_MEMBER_ID = b2b(400, "invalid_member_id", "The member ID is missing or malformed.");
    INVALID_MEMBER_GET_FIELDS = b2b(400, "invalid_member_get_fields", "Exactly one of member_id and email_address is required.");
    DUPLICATE_MEMBER_EMAIL = b2b(400, "duplicate_member_email", "Another member has this email address.");
    DUPLICATE_MEMBER_EXTERNAL_ID = b2b(400, "duplicate_member_external_id", "Another member has this external ID.");
    DUPLICATE_MEMBER_PHONE_NUMBER = b2b(400, "duplicate_member_phone_number", "Another member has this phone number.");
    EMAIL_JIT_NOT_ALLOWED = b2b(400, "email_jit_provisioning_not_allowed", "The organization does not allow users to join by email domain.");
    INVALID_EMAIL_FOR_JIT = b2b(400, "invalid_email_for_jit_provisioning", "The organization does not allow this email domain to join.");
    AUTH_METHOD_RESTRICTED = b2b(400, "operation_restricted_by_organization_auth_methods", "The organization does not allow this method.");
    INTERMEDIATE_SESSION_NOT_FOUND = b2b(404, "intermediate_session_not_found", "The intermediate session does not exist.");
    SESSION_AUTHORIZATION_ERROR = b2b(403, "session_authorization_error", "The member session does not allow this action.");
    SESSION_TENANCY_ERROR = b2b(403, "session_authorization_tenancy_error", "The member session belongs to another organization.");
    CANNOT_UPDATE_TRUSTED_METADATA = b2b(401, "cannot_update_trusted_metadata", "A call with a member session must not set trusted_metadata.");
}

// Organizations, members and discovery.
rows! {
    INVALID_DISCOVERY_REDIRECT_URL = b2b(400, "invalid_discovery_redirect_url", "The discovery_redirect_url must be an absolute URL without a fragment.");
    INVALID_INVITE_REDIRECT_URL = b2b(400, "invalid_invite_redirect_url", "The invite_redirect_url must be an absolute URL without a fragment.");
    INVALID_DISCOVERY_CODE_EXPIRATION = b2b(400, "invalid_expiration_otp", "The discovery_expiration_minutes must be 2 to 15.");
    INVALID_DISCOVERY_CODE = b2b(400, "invalid_code", "The code is required.");
    INVALID_EMAIL_FOR_INVITES = b2b(400, "invalid_email_for_invites", "The organization does not allow invites to this email domain.");
    INVALID_INTERMEDIATE_SESSION_FOR_ORGANIZATION = b2b(400, "invalid_intermediate_session_token_for_organization", "The factors of the intermediate session do not count in this organization.");
    INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE = b2b(400, "insufficient_factors_for_session_exchange", "The session does not have a factor that another organization accepts.");
    EMAIL_DOMAIN_IS_CLAIMED = b2b(400, "action_not_allowed_email_domain_is_claimed", "Another organization has claimed the domain of the email address.");
    DUPLICATE_PHONE_NUMBER_FOR_MEMBER = b2b(400, "duplicate_member_phone_number_for_member", "The member has a phone number. Delete it before another is set.");
    INVALID_MFA_DEFAULT_METHOD = b2b(400, "invalid_mfa_default_method", "The default_mfa_method must be sms_otp or totp.");
    DEFAULT_MFA_MEMBER_MISSING_FACTOR = b2b(400, "default_mfa_member_missing_factor", "The member does not have the factor of the default MFA method.");
    RETIRED_MEMBER_EMAIL = b2b(400, "retired_member_email", "The email address is a retired address of another member.");
    RETIRED_EMAIL_MISSING_IDENTIFIERS = b2b(400, "retired_email_missing_email_identifiers", "At least one of email_id and email_address is required.");
    RETIRED_EMAIL_NOT_FOUND = b2b(404, "email_not_found", "The member does not have this retired email address.");
    DESIRED_EMAIL_UPDATING = b2b(400, "desired_email_updating_for_different_member", "Another member is changing to this email address.");
    EMAIL_UPDATES_FOR_ACTIVE_MEMBERS = b2b(400, "email_updates_available_only_for_active_members", "Only an active member can change the email address.");
    MEMBER_HAS_NO_VERIFIED_EMAIL = b2b(400, "member_has_no_active_verified_email", "The email address of the member is not verified.");
    MEMBER_CANNOT_UPDATE_EMAIL = b2b(400, "member_cannot_update_their_email_address", "A member session must not update the email address of its own member. Use start_email_update.");
    NO_DELETED_MEMBER_FOR_REACTIVATION = b2b(400, "no_deleted_member_found_for_reactivation", "The member is not deleted.");
    EMAIL_UNVERIFIED_FOR_REACTIVATION = b2b(400, "email_unverified_for_reactivation", "The email address of the member is not verified.");
    REACTIVATION_EMAIL_BELONGS_TO_ANOTHER = b2b(400, "reactivation_email_belongs_to_another_member", "Another member has the email address of the deleted member.");
    MEMBER_PHONE_NUMBER_NOT_FOUND = b2b(404, "member_phone_number_not_found", "The member does not have a phone number.");
    MEMBER_TOTP_NOT_FOUND = b2b(404, "totp_not_found", "The member does not have an authenticator app.");
    MEMBER_PASSWORD_NOT_FOUND = b2b(404, "member_password_not_found", "No member of the organization has this password.");
    MEMBER_OAUTH_REGISTRATION_NOT_FOUND = b2b(404, "oauth_user_registration_not_found", "The member has not logged in with this provider.");
}

// Searches for organizations and members. The errors for the limit, cursor and operator are those of the user search.
rows! {
    ORGANIZATION_SEARCH_MISSING_FILTER_NAME = b2b(400, "organization_search_missing_filter_name", "A filter_name is required in each operand.");
    ORGANIZATION_SEARCH_MISSING_FILTER_VALUE = b2b(400, "organization_search_missing_filter_value", "A filter_value is required in each operand.");
    ORGANIZATION_SEARCH_FILTER_NAME_MUST_BE_STRING = b2b(400, "organization_search_filter_name_must_be_string", "The filter_name must be a string.");
    ORGANIZATION_SEARCH_FILTER_NAME_NOT_RECOGNIZED = b2b(400, "organization_search_filter_name_not_recognized", "The filter_name is not a filter of the organization search.");
    ORGANIZATION_SEARCH_EXPECTED_STRING = b2b(400, "organization_search_expected_string", "The filter_value must be a string.");
    ORGANIZATION_SEARCH_EXPECTED_STRINGS = b2b(400, "organization_search_expected_array_of_strings", "The filter_value must be an array of strings.");
    ORGANIZATION_SEARCH_EXPECTED_BOOLEAN = b2b(400, "organization_search_expected_boolean", "The filter_value must be a boolean.");
    ORGANIZATION_SEARCH_SLUG_TOO_SHORT = b2b(400, "organization_search_organization_slug_fuzzy_too_short", "The filter_value of organization_slug_fuzzy must have at least 3 characters.");
    ORGANIZATION_SEARCH_NAME_TOO_SHORT = b2b(400, "organization_search_organization_name_fuzzy_too_short", "The filter_value of organization_name_fuzzy must have at least 3 characters.");
    ORGANIZATION_SEARCH_EMAIL_TOO_SHORT = b2b(400, "organization_search_member_email_fuzzy_too_short", "The filter_value of member_email_fuzzy must have at least 3 characters.");
    ORGANIZATION_SEARCH_DOMAIN_TOO_SHORT = b2b(400, "organization_search_allowed_domain_fuzzy_too_short", "The filter_value of allowed_domain_fuzzy must have at least 3 characters.");
    MEMBER_SEARCH_ORGANIZATION_IDS_EMPTY = b2b(400, "member_search_organization_ids_empty", "The organization_ids must not be empty.");
    MEMBER_SEARCH_MISSING_FILTER_NAME = b2b(400, "member_search_missing_filter_name", "A filter_name is required in each operand.");
    MEMBER_SEARCH_MISSING_FILTER_VALUE = b2b(400, "member_search_missing_filter_value", "A filter_value is required in each operand.");
    MEMBER_SEARCH_FILTER_NAME_MUST_BE_STRING = b2b(400, "member_search_filter_name_must_be_string", "The filter_name must be a string.");
    MEMBER_SEARCH_FILTER_NAME_NOT_RECOGNIZED = b2b(400, "member_search_filter_name_not_recognized", "The filter_name is not a filter of the member search.");
    MEMBER_SEARCH_EXPECTED_STRING = b2b(400, "member_search_expected_string", "The filter_value must be a string.");
    MEMBER_SEARCH_EXPECTED_STRINGS = b2b(400, "member_search_expected_array_of_strings", "The filter_value must be an array of strings.");
    MEMBER_SEARCH_EXPECTED_BOOLEAN = b2b(400, "member_search_expected_boolean", "The filter_value must be a boolean.");
    MEMBER_SEARCH_CANNOT_MIX_IDS = b2b(400, "member_search_cannot_mix_internal_and_external_member_ids", "The filter_value of member_ids must contain either IDs or external IDs.");
    MEMBER_SEARCH_EMAIL_TOO_SHORT = b2b(400, "member_search_member_email_fuzzy_too_short", "The filter_value of member_email_fuzzy must have at least 3 characters.");
    MEMBER_SEARCH_PHONE_TOO_SHORT = b2b(400, "member_search_member_mfa_phone_number_fuzzy_too_short", "The filter_value of the phone number must have at least 3 characters.");
    SEARCH_INVALID_MEMBER_STATUS_FILTER = b2b(400, "search_invalid_status_filter", "The filter_value of statuses must contain pending, invited, active or deleted.");
}

// Links and passcodes of users, and the factors of users.
rows! {
    EMAIL_NOT_FOUND = shared(404, "email_not_found", "No user has this email address.");
    PHONE_NUMBER_NOT_FOUND = shared(404, "phone_number_not_found", "No user has this phone number.");
    TOO_MANY_USER_SELECTION_ARGUMENTS = shared(400, "too_many_user_selection_arguments", "Only one of user_id, session_token and session_jwt may be given.");
    USER_ALREADY_INVITED = shared(400, "user_already_invited", "The user is active already.");
    INVALID_INVITE_URL = shared(400, "invalid_invite_magic_link_url", "The invite_magic_link_url must be an absolute URL without a fragment.");
    USER_LOCK_LIMIT_REACHED = shared(429, "user_lock_limit_reached", "The user or member is locked after too many failed authentications.");
    INVALID_METHOD_ID = shared(400, "invalid_method_id", "The method_id is required.");
    INVALID_CODE = shared(400, "invalid_code", "The code must have six digits.");
    INVALID_EXPIRATION_OTP = shared(400, "invalid_expiration_otp", "The expiration must be 1 to 10 minutes.");
    INVALID_EMAIL_ID = shared(400, "invalid_email_id", "The email_id is malformed.");
    INVALID_PHONE_ID = shared(400, "invalid_id", "The phone_id is malformed.");
    INVALID_WEBAUTHN_REGISTRATION_ID = shared(400, "invalid_webauthn_registration_id", "The webauthn_registration_id is malformed.");
    WEBAUTHN_REGISTRATION_NOT_FOUND = shared(404, "webauthn_registration_not_found", "The WebAuthn registration does not exist.");
    INVALID_BIOMETRIC_REGISTRATION_ID = shared(400, "invalid_biometric_registration_id", "The biometric_registration_id is malformed.");
    BIOMETRIC_REGISTRATION_NOT_FOUND = shared(404, "biometric_registration_not_found", "The biometric registration does not exist.");
    INVALID_TOTP_ID = shared(400, "invalid_totp_id", "The totp_id is malformed.");
    TOTP_NOT_FOUND = shared(404, "totp_not_found", "The TOTP does not exist.");
    INVALID_CRYPTO_WALLET_ID = shared(400, "invalid_crypto_wallet_id", "The crypto_wallet_id is malformed.");
    CRYPTO_WALLET_NOT_FOUND = shared(404, "crypto_wallet_not_found", "The crypto wallet does not exist.");
    INVALID_PASSWORD_ID = shared(400, "invalid_password_id", "The password_id is malformed.");
    PASSWORD_NOT_FOUND = shared(404, "password_not_found", "The password does not exist.");
    INVALID_OAUTH_USER_REGISTRATION_ID = shared(400, "invalid_oauth_user_registration_id", "The oauth_user_registration_id is malformed.");
    OAUTH_USER_REGISTRATION_NOT_FOUND = shared(404, "oauth_user_registration_not_found", "The OAuth registration does not exist.");
    CANNOT_DELETE_LAST_PRIMARY_FACTOR = shared(400, "cannot_delete_last_primary_factor", "The user would not have a primary factor.");
    INVALID_EXCHANGE_PRIMARY_FACTOR_FIELDS = shared(400, "invalid_exchange_primary_factor_fields", "Exactly one of email_address and phone_number is required.");
    INVALID_EXCHANGE_PRIMARY_FACTOR_USER = shared(400, "invalid_exchange_primary_factor_user", "The user must have exactly one factor.");
    DUPLICATE_EMAIL_FOR_USER = shared(400, "duplicate_email_for_user", "The user has this email address already.");
    DUPLICATE_PHONE_NUMBER_FOR_USER = shared(400, "duplicate_phone_number_for_user", "The user has this phone number already.");
    SEARCH_MIXED_USER_IDS = shared(400, "user_search_cannot_mix_internal_and_external_user_ids", "The filter_value of user_id must not contain both user IDs and external IDs.");
    SEARCH_INVALID_OAUTH_PROVIDER = shared(400, "user_search_invalid_oauth_provider_filter", "The filter_value of oauth_provider contains an empty name.");
}

// Fraud prevention.
rows! {
    TELEMETRY_ID_NOT_FOUND = ErrorRow { docs: Docs::Stytch("fraud/api"), ..shared(404, "telemetry_id_not_found", "The telemetry ID is unknown or has expired. Use POST /_emulator/fingerprints first.") };
    UNAUTHORIZED_CREDENTIALS_ERROR = ErrorRow { docs: Docs::Stytch("fraud/api"), ..shared(401, "unauthorized_credentials_error", "The project ID or the secret is wrong.") };
}

// Log-ins with OAuth providers.
rows! {
    INVALID_OAUTH_PROVIDER = shared(400, "invalid_oauth_provider", "The OAuth provider is missing or unknown.");
    INVALID_OAUTH_ATTACH_TOKEN = shared(400, "invalid_oauth_attach_token", "The OAuth attach token is unknown, has been used or has expired, or is for another provider.");
    NO_USER_SELECTION_ARGUMENTS = shared(400, "no_user_selection_arguments", "One of user_id, session_token and session_jwt is required.");
    INVALID_LOGIN_OAUTH_URL = shared(400, "invalid_login_oauth_url", "The login_redirect_url must be an absolute URL without a fragment.");
    INVALID_SIGNUP_OAUTH_URL = shared(400, "invalid_signup_oauth_url", "The signup_redirect_url must be an absolute URL without a fragment.");
    NO_MATCH_FOR_OAUTH_URL = shared(400, "no_match_for_provided_oauth_url", "The emulator accepts redirect URLs that are https, or http with a loopback host.");
    OAUTH_INVALID_SCOPE_REQUESTED = shared(400, "oauth_invalid_scope_requested", "The custom_scopes must be scopes that are separated by spaces.");
    OAUTH_INVALID_STATE = shared(400, "oauth_invalid_state", "The log-in with the provider is unknown, has ended or has expired.");
    OAUTH_FLOW_CALLBACK_ERROR = shared(400, "oauth_flow_callback_error", "The user has denied the log-in with the provider.");
    OAUTH_TOKEN_NOT_FOUND = shared(400, "oauth_token_not_found", "The OAuth token is unknown, or it has been used or has expired.");
    OAUTH_UNVERIFIED_EMAIL = b2b(400, "oauth_unverified_email", "The provider has not verified the email address of the account.");
    MISSING_OAUTH_LOCATOR = b2b(400, "missing_oauth_organization_locator", "One of organization_id and slug is required.");
    TOO_MANY_OAUTH_LOCATORS = b2b(400, "too_many_oauth_organization_locators", "Only one of organization_id and slug may be given.");
    INVALID_OAUTH_TENANT_FOR_JIT = b2b(400, "invalid_oauth_tenant_for_jit_provisioning", "The organization does not allow the users of this workspace to join.");
    PUBLIC_TOKEN_REQUIRED = shared(400, "public_token_required", "The parameter public_token is required.");
}

// Sessions that come from elsewhere.
rows! {
    UNABLE_TO_AUTH_IMPERSONATION_TOKEN = shared(401, "unable_to_auth_impersonation_token", "The impersonation token is unknown, or it has been used or has expired.");
    SESSION_NOT_MUTABLE_IMPERSONATED = shared(400, "session_not_mutable_impersonated", "A session of an impersonation cannot be changed.");
    MIGRATE_UNEXPECTED_RESPONSE = shared(400, "migrate_from_external_unexpected_response", "The userinfo URL does not know the session. Use POST /_emulator/external_sessions first.");
    MIGRATE_MISSING_USERINFO = shared(400, "migrate_from_external_missing_userinfo", "The userinfo of the session has no email address.");
    MIGRATE_EMAIL_DOES_NOT_EXIST = shared(400, "migrate_from_external_email_does_not_exist", "No user has the email address of the session.");
    TRUSTED_TOKEN_PROFILE_NOT_FOUND = shared(404, "trusted_token_profile_not_found", "The trusted token profile does not exist. Use POST /_emulator/trusted_token_profiles first.");
    INVALID_TRUSTED_AUTH_TOKEN = shared(401, "invalid_trusted_auth_token", "The token is malformed or not signed by a key of the profile.");
    JWT_INVALID_ISSUER = shared(401, "jwt_invalid_issuer", "The issuer of the token is not that of the profile.");
    JWT_INVALID_AUDIENCE = shared(401, "jwt_invalid_audience", "The audience of the token is not that of the profile.");
    JWT_INVALID_CLAIMS = shared(401, "jwt_invalid_claims", "The token has expired or a claim is malformed.");
    IDP_ACCESS_TOKEN_NOT_FOUND = shared(404, "idp_access_token_not_found", "The access token is not a token of a Connected App of this project.");
    EXCHANGE_MISSING_FULL_ACCESS = shared(400, "oauth_access_token_exchange_missing_full_access", "The access token does not have the scope full_access.");
    EXCHANGE_TOKEN_TOO_OLD = shared(400, "oauth_access_token_exchange_token_too_old", "The access token is older than five minutes.");
    INVALID_TOKEN_ORGANIZATION_ID_CLAIM = b2b(400, "invalid_token_organization_id_claim", "The claim organization_id of the token does not name an organization, or not that of the call.");
    TOKEN_MISSING_ORGANIZATION_ID_CLAIM = b2b(400, "token_missing_organization_id_claim", "The token does not have the claim organization_id. It is required if the call has no organization_id, or if the profile creates members.");
    EXCHANGE_INVALID_GRANT = shared(400, "oauth_access_token_exchange_token_invalid_grant", "The access token has been exchanged already.");
}

// Passwords.
rows! {
    WRONG_PASSWORD = shared(401, "unauthorized_credentials", "The password is wrong.");
    WEAK_PASSWORD = shared(400, "weak_password", "The password does not meet the password policy of the project.");
    BREACHED_PASSWORD = shared(400, "breached_password", "The password is known from a data breach.");
    NO_USER_PASSWORD = shared(400, "no_user_password", "The user does not have a password.");
    PASSWORD_ALREADY_EXISTS = shared(400, "password_already_exists", "The user or member has a password already.");
    RESET_PASSWORD = shared(400, "reset_password", "The password must be reset before it can be used.");
    MISSING_PASSWORD = shared(400, "invalid_argument", "The password is required.");
    UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN = shared(401, "unable_to_auth_password_reset_token", "The token is unknown, or it has been used or has expired.");
    SESSION_TOO_OLD_TO_RESET_PASSWORD = shared(400, "session_too_old_to_reset_password", "The session does not have a password or email factor of the last 5 minutes.");
    MEMBER_RESET_PASSWORD = b2b(400, "member_reset_password", "The password must be reset before it can be used.");
    MEMBER_HAS_NO_PASSWORD = b2b(404, "member_password_not_found", "The member does not have a password.");
    CROSS_ORG_PASSWORDS_ENABLED = b2b(400, "cross_org_passwords_enabled", "The members of the project share their passwords between organizations. Use POST /v1/b2b/passwords/email/require_reset.");
    CROSS_ORG_PASSWORDS_NOT_ENABLED = b2b(400, "cross_org_passwords_not_enabled", "The members of the project do not share passwords between organizations. Use POST /_emulator/password_config first.");
    CANNOT_RESET_WITH_EXISTING_PASSWORD = shared(400, "cannot_reset_password_with_existing_password", "The password must be reset by email.");
    INVALID_PASSWORD_RESET_REDIRECT_URL = shared(400, "invalid_password_reset_redirect_url", "The reset_password_redirect_url must be an absolute URL without a fragment.");
    INVALID_HASH = shared(400, "invalid_hash", "The hash is missing, malformed or not of its hash_type.");
    INVALID_HASH_TYPE = shared(400, "invalid_hash_type", "The hash_type must be bcrypt, md_5, argon_2i, argon_2id, sha_1, sha_512, scrypt, phpass or pbkdf_2.");
    INVALID_BCRYPT_HASH = shared(400, "invalid_bcrypt_hash", "The hash must be $2b$, the cost, and 53 characters of salt and hash.");
    INVALID_BCRYPT_COST = shared(400, "invalid_bcrypt_cost", "The cost must be 4 to 16.");
    INVALID_MD_5_HASH = shared(400, "invalid_md_5_hash", "The hash must have 32 hexadecimal digits.");
    INVALID_SHA_1_HASH = shared(400, "invalid_sha_1_hash", "The hash must have 40 hexadecimal digits.");
    INVALID_SHA_512_HASH = shared(400, "invalid_sha_512_hash", "The hash must have 128 hexadecimal digits.");
    INVALID_PHPASS_HASH_PREFIX = shared(400, "invalid_phpass_hash_prefix", "The hash must start with $P$ or $H$.");
    INVALID_PHPASS_HASH_FORMAT = shared(400, "invalid_phpass_hash_format", "The hash must have 31 characters of ./0-9A-Za-z after the prefix.");
    INVALID_ARGON_2_ITERATION_AMOUNT = shared(400, "invalid_argon_2_iteration_amount", "The iteration_amount must be at least 1.");
    INVALID_ARGON_2_MEMORY = shared(400, "invalid_argon_2_memory", "The memory must be at least 8 KiB per thread, and at most 1 GiB, or 4 GiB in all iterations.");
    INVALID_ARGON_2_THREADS = shared(400, "invalid_argon_2_threads", "The threads must be 1 to 255.");
    INVALID_ARGON_2_SALT = shared(400, "invalid_argon_2_salt", "The salt must have at least 8 bytes.");
    INVALID_ARGON_2_KEY_LENGTH = shared(400, "invalid_argon_2_key_length", "The key_length must be at least 4.");
    ARGON_2_KEY_LENGTH_MISMATCH = shared(400, "argon_2_key_length_mismatch", "The hash does not have the key_length.");
    INVALID_BASE64_SCRYPT_HASH = shared(400, "invalid_base64_scrypt_hash", "The hash must be Base64.");
    INVALID_BASE64_SCRYPT_SALT = shared(400, "invalid_base64_scrypt_salt", "The salt must be Base64.");
    INVALID_SCRYPT_N_PARAMETER = shared(400, "invalid_scrypt_n_parameter", "The n_parameter must be a power of two from 2 to 262144.");
    INVALID_SCRYPT_PARAMETERS = shared(400, "invalid_scrypt_parameters", "The product of n_parameter, r_parameter and p_parameter must be 1 to 8388608.");
    SCRYPT_KEY_LENGTH_MISMATCH = shared(400, "scrypt_key_length_mismatch", "The hash does not have the key_length.");
    INVALID_PBKDF_2_ALGORITHM = shared(400, "invalid_pbkdf_2_algorithm", "The algorithm must be sha256 or sha512.");
    INVALID_PBKDF_2_HASH = shared(400, "invalid_pbkdf_2_hash", "The hash must be Base64.");
    INVALID_PBKDF_2_SALT = shared(400, "invalid_pbkdf_2_salt", "The salt must be Base64.");
    INVALID_PBKDF_2_ITERATION_AMOUNT = shared(400, "invalid_pbkdf_2_iteration_amount", "The iteration_amount must be 1 to 10000000 in all blocks of the hash.");
    PBKDF_2_KEY_LENGTH_MISMATCH = shared(400, "pbkdf_2_key_length_mismatch", "The hash does not have the key_length.");
}

// Authenticator apps and recovery codes of users and members.
rows! {
    ACTIVE_TOTP_EXISTS = shared(400, "active_totp_exists", "An authenticator app is registered already. Delete it before another is registered.");
    PENDING_TOTP_EXISTS = shared(400, "pending_totp_exists", "An authenticator app waits for its first code. Delete it before another is registered.");
    TOTPS_NOT_FOUND_FOR_USER = shared(404, "totps_not_found_for_user", "The user does not have an authenticator app.");
    EXPIRED_TOTP = shared(400, "expired_totp", "The time for the first code has passed. Register the authenticator app again.");
    INVALID_TOTP_CODE = shared(400, "invalid_totp_code", "The code must have six digits.");
    UNABLE_TO_AUTHENTICATE_TOTP = shared(401, "unable_to_authenticate_totp", "The code is not the current code of the authenticator app.");
    TOTP_CODE_ALREADY_AUTHENTICATED = shared(400, "totp_code_already_authenticated", "The code has been used. Wait for the next code.");
    INVALID_RECOVERY_CODE = shared(400, "invalid_recovery_code", "The recovery code is missing or malformed.");
    UNABLE_TO_AUTHENTICATE_RECOVERY_CODE = shared(401, "unable_to_authenticate_recovery_code", "The recovery code is wrong or has been used.");
    RECOVERY_CODE_USED_AS_TOTP_CODE = shared(400, "recovery_code_used_as_totp_code", "The code is a recovery code. It must be sent as a recovery_code.");
    TOTP_CODE_USED_AS_RECOVERY_CODE = shared(400, "totp_code_used_as_recovery_code", "The recovery_code is a code of an authenticator app.");
    NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR = shared(400, "no_active_recovery_code_backed_factor", "There is no active authenticator app, so recovery codes cannot be used.");
}

// Passkeys and security keys.
rows! {
    INVALID_WEBAUTHN_REGISTRATION_DOMAIN = shared(400, "invalid_webauthn_registration_domain", "The domain must be a host name without scheme and port.");
    INVALID_AUTHENTICATOR_TYPE = shared(400, "invalid_authenticator_type", "The authenticator_type must be platform or cross-platform.");
    CANNOT_USE_WEBAUTHN_WITH_PENDING_USER = shared(400, "cannot_use_webauthn_with_pending_user", "The user must be active.");
    TOO_MANY_USER_REGISTRATIONS_FOR_DOMAIN = shared(400, "too_many_user_registrations_for_domain", "A user must not have more than 25 WebAuthn registrations.");
    NO_PENDING_WEBAUTHN_REGISTRATION = shared(400, "no_pending_webauthn_registration", "The registration has not been started, or it has been completed or has expired.");
    NO_ACTIVE_WEBAUTHN_REGISTRATIONS = shared(400, "no_active_webauthn_registrations", "The user does not have a WebAuthn registration for the domain.");
    DUPLICATE_WEBAUTHN_REGISTRATION = shared(400, "duplicate_webauthn_registration", "The credential is registered already.");
    EMPTY_WEBAUTHN_REGISTRATION_NAME = shared(400, "empty_webauthn_registration_name", "The name is required.");
    UNABLE_TO_REGISTER_WEBAUTHN_REGISTRATION = shared(400, "unable_to_register_webauthn_registration", "The credential could not be verified.");
    UNABLE_TO_AUTH_WEBAUTHN_REGISTRATION = shared(401, "unable_to_auth_webauthn_registration", "The credential could not be verified.");
    INVALID_PUBLIC_KEY_CREDENTIAL = shared(400, "invalid_public_key_credential", "The public_key_credential must be the JSON text of a PublicKeyCredential.");
    CREDENTIAL_MISSING_ID = shared(400, "invalid_public_key_credential_missing_id_field", "The credential does not have the field id.");
    CREDENTIAL_INVALID_ID = shared(400, "invalid_public_key_credential_invalid_id", "The id of the credential must be base64url.");
    CREDENTIAL_MISSING_RESPONSE = shared(400, "invalid_public_key_credential_missing_response_field", "The credential does not have the field response.");
    CREDENTIAL_MISSING_CLIENT_DATA_JSON = shared(400, "invalid_public_key_credential_missing_client_data_json_field", "The response does not have the field clientDataJSON.");
    CREDENTIAL_MALFORMED_CLIENT_DATA_JSON = shared(400, "invalid_public_key_credential_malformed_client_data_json", "The clientDataJSON is malformed.");
    CREDENTIAL_MISSING_ATTESTATION_OBJECT = shared(400, "invalid_public_key_credential_missing_attestation_object_field", "The response does not have the field attestationObject.");
    CREDENTIAL_MALFORMED_ATTESTATION_OBJECT = shared(400, "invalid_public_key_credential_malformed_attestation_object", "The attestationObject is malformed.");
    CREDENTIAL_MISSING_AUTHENTICATOR_DATA = shared(400, "invalid_public_key_credential_missing_authenticator_data_field", "The response does not have the field authenticatorData.");
    CREDENTIAL_INVALID_AUTHENTICATOR_DATA = shared(400, "invalid_public_key_credential_invalid_authenticator_data", "The authenticator data are malformed.");
    CREDENTIAL_MISSING_SIGNATURE = shared(400, "invalid_public_key_credential_missing_signature_field", "The response does not have the field signature.");
    CREDENTIAL_INVALID_SIGNATURE = shared(400, "invalid_public_key_credential_invalid_signature", "The signature must be base64url.");
}

// Crypto wallets.
rows! {
    INVALID_WALLET_TYPE = shared(400, "invalid_wallet_type", "The crypto_wallet_type must be ethereum or solana.");
    INVALID_CRYPTO_WALLET_ADDRESS = shared(400, "invalid_crypto_wallet_address", "The crypto_wallet_address is required.");
    INVALID_ETHEREUM_ADDRESS = shared(400, "invalid_ethereum_address", "The crypto_wallet_address must be 0x and 40 hexadecimal digits.");
    INVALID_SOLANA_ADDRESS = shared(400, "invalid_solana_address", "The crypto_wallet_address must be an Ed25519 key in base58.");
    DUPLICATE_WALLET_ADDRESS = shared(400, "duplicate_wallet_address", "Another user has the crypto wallet.");
    CRYPTO_WALLET_TYPE_INCOMPATIBLE_WITH_SIWE = shared(400, "crypto_wallet_type_incompatible_with_siwe", "The siwe_params need the crypto_wallet_type ethereum.");
    UNABLE_TO_AUTHENTICATE_CRYPTO_WALLET = shared(401, "unable_to_authenticate_crypto_wallet", "The signature is not that of the wallet for the challenge.");
    SIGNATURE_MISSING = shared(400, "signature_missing", "The signature is required.");
    INVALID_SIGNATURE = shared(400, "invalid_signature", "The signature must be hexadecimal digits; for solana, it can be base58 or base64.");
    SIGNATURE_IS_INCORRECT_SIZE = shared(400, "signature_is_incorrect_size", "The signature must have 65 bytes for ethereum, and 64 bytes for solana.");
    INVALID_SIWE_DOMAIN = shared(400, "invalid_siwe_domain", "The domain of the siwe_params must be a host, with an optional port.");
    INVALID_SIWE_URI = shared(400, "invalid_siwe_uri", "The uri of the siwe_params must be a URI.");
    INVALID_SIWE_RESOURCE = shared(400, "invalid_siwe_resource", "The resources of the siwe_params must be URIs.");
    INVALID_SIWE_CHAIN_ID = shared(400, "invalid_siwe_chain_id", "The chain_id of the siwe_params must be a number from 1 to 9223372036854775771.");
    INVALID_SIWE_STATEMENT = shared(400, "invalid_siwe_statement", "The statement of the siwe_params must have only characters of URIs and spaces.");
    INVALID_SIWE_MESSAGE_REQUEST_ID = shared(400, "invalid_siwe_message_request_id", "The message_request_id of the siwe_params must have only characters of path segments.");
    SIWE_MESSAGE_EXPIRED = shared(400, "siwe_message_expired", "The message has expired.");
    SIWE_MESSAGE_NOT_VALID_YET = shared(400, "siwe_message_not_valid_yet", "The message is not valid yet.");
}

// Second factors of members.
rows! {
    RECOVERY_CODES_NOT_FOUND = b2b(404, "recovery_codes_not_found", "The member does not have recovery codes.");
    INVALID_TOTP_SECRET = b2b(400, "invalid_argument", "The secret must be base32.");
    MFA_METHOD_RESTRICTED = b2b(400, "operation_restricted_by_organization_mfa_methods", "The organization does not allow this MFA method.");
    AVAILABLE_FOR_ACTIVE_MEMBERS = b2b(400, "action_available_only_for_active_members", "The member must be active.");
    MEMBER_SESSION_MISMATCH = b2b(400, "member_session_member_id_mismatch", "The session belongs to another member.");
    INSUFFICIENT_FACTORS = b2b(400, "insufficient_factors", "The member has a second factor. A session with a second factor is required to register another.");
    INVALID_MEMBER_CODE_EXPIRATION = b2b(400, "invalid_expiration_otp", "The expiration must be 2 to 15 minutes.");
}
