//! The error types, one row each.
//!
//! Types and statuses are the API's. The messages are this emulator's own words: tests should look at the type.

use super::failure::ErrorRow;

/// A type whose page both products share.
const fn shared(status: u16, error_type: &'static str, message: &'static str) -> ErrorRow {
    ErrorRow {
        status,
        error_type,
        message,
        docs: "api",
    }
}

/// A type that only B2B routes answer with.
const fn b2b(status: u16, error_type: &'static str, message: &'static str) -> ErrorRow {
    ErrorRow {
        status,
        error_type,
        message,
        docs: "b2b/api",
    }
}

macro_rules! rows {
    ($($name:ident = $row:expr;)*) => { $(pub(crate) static $name: ErrorRow = $row;)* };
}

// The call itself.
rows! {
    ROUTE_NOT_FOUND = shared(404, "route_not_found", "There is no route at this path.");
    METHOD_NOT_ALLOWED = shared(405, "method_not_allowed", "This route does not take this method.");
    INVALID_AUTHORIZATION_HEADER = shared(400, "invalid_authorization_header", "The Authorization header must be Basic with a project ID and a secret.");
    INVALID_PROJECT_ID_AUTHENTICATION = shared(400, "invalid_project_id_authentication", "The project ID is not well formed.");
    INVALID_SECRET_AUTHENTICATION = shared(400, "invalid_secret_authentication", "The secret is not well formed.");
    UNAUTHORIZED_CREDENTIALS = shared(401, "unauthorized_credentials", "Unauthorized credentials.");
    INVALID_B2B_ENDPOINT = shared(400, "invalid_b2b_endpoint", "This is a B2B endpoint, and the project is a consumer project.");
    INVALID_CONSUMER_ENDPOINT = shared(400, "invalid_consumer_endpoint", "This is a consumer endpoint, and the project is a B2B project.");
    BAD_REQUEST = shared(400, "bad_request", "The request could not be understood.");
    INVALID_ARGUMENT = shared(400, "invalid_argument", "A field of the request is not valid.");
    TOO_MANY_REQUESTS = shared(429, "too_many_requests", "Too many requests have been made.");
    INTERNAL_SERVER_ERROR = shared(500, "internal_server_error", "Something went wrong in the emulator.");
    SERVER_UNAVAILABLE = shared(503, "server_unavailable", "The server is unavailable.");
    INVALID_PROJECT_ID = shared(400, "invalid_project_id", "The project ID is not well formed.");
    PROJECT_NOT_FOUND = shared(404, "project_not_found", "There is no such project.");
}

// Fields that several operations take.
rows! {
    INVALID_EMAIL = shared(400, "invalid_email", "The email address is not well formed.");
    INVALID_PHONE_NUMBER = shared(400, "invalid_phone_number", "The phone number must be in E.164 form.");
    INVALID_LOCALE = shared(400, "invalid_locale", "The locale must be one of en, es, pt-br and fr.");
    INVALID_EXPIRATION = shared(400, "invalid_expiration", "The expiration must be from 5 to 10080 minutes.");
    METADATA_TOO_MANY_KEYS = shared(400, "metadata_too_many_keys", "Metadata can have at most 20 keys at the top level.");
    METADATA_TOO_LARGE = shared(400, "metadata_too_large", "Metadata can have at most 4 KB.");
    STYTCH_CLAIMS_IN_CUSTOM_CLAIMS = shared(400, "stytch_claims_in_custom_claims", "Custom claims cannot begin with https://stytch.com/.");
    CUSTOM_CLAIMS_TOO_LARGE = shared(400, "custom_claims_too_large", "Custom claims can have at most 4 KB.");
}

// Users.
rows! {
    USER_NOT_FOUND = shared(404, "user_not_found", "There is no such user.");
    INVALID_USER_ID = shared(400, "invalid_user_id", "The user ID is not well formed.");
    INVALID_CREATE_USER_REQUEST = shared(400, "invalid_create_user_request", "A user needs an email or a phone number.");
    DUPLICATE_EMAIL = shared(400, "duplicate_email", "Another user has this email address.");
    DUPLICATE_PHONE_NUMBER = shared(400, "duplicate_phone_number", "Another user has this phone number.");
    DUPLICATE_USER_EXTERNAL_ID = shared(400, "duplicate_user_external_id", "Another user has this external ID.");
    INVALID_EXTERNAL_ID = shared(400, "invalid_external_id", "An external ID has 1 to 128 characters of A-Z, a-z, 0-9 and ._|-");
    SEARCH_INVALID_OPERATOR = shared(400, "user_search_invalid_operator", "The operator must be AND or OR.");
    SEARCH_INVALID_CURSOR = shared(400, "user_search_invalid_cursor", "The cursor is not one that a search returned.");
    SEARCH_INVALID_LIMIT = shared(400, "user_search_invalid_limit", "The limit must be from 1 to 1000.");
    SEARCH_MISSING_FILTER_NAME = shared(400, "user_search_missing_filter_name", "Each operand needs a filter_name.");
    SEARCH_MISSING_FILTER_VALUE = shared(400, "user_search_missing_filter_value", "Each operand needs a filter_value.");
    SEARCH_FILTER_NAME_MUST_BE_STRING = shared(400, "user_search_filter_name_must_be_string", "The filter_name must be a string.");
    SEARCH_FILTER_NAME_NOT_RECOGNIZED = shared(400, "user_search_filter_name_not_recognized", "There is no filter of this name.");
    SEARCH_INVALID_STATUS_FILTER = shared(400, "user_search_invalid_status_filter", "The status must be active or pending.");
    SEARCH_EXPECTED_STRING = shared(400, "user_search_expected_string", "This filter takes a string.");
    SEARCH_EXPECTED_STRINGS = shared(400, "user_search_expected_array_of_string", "This filter takes an array of strings.");
    SEARCH_EXPECTED_BOOL = shared(400, "user_search_expected_bool", "This filter takes a boolean.");
    SEARCH_EXPECTED_OBJECT = shared(400, "user_search_expected_object", "This filter takes an object.");
    SEARCH_EXPECTED_TIMESTAMP = shared(400, "user_search_expected_timestamp", "This filter takes an RFC 3339 timestamp.");
    SEARCH_EMAIL_TOO_SHORT = shared(400, "user_search_email_address_fuzzy_too_short", "email_address_fuzzy needs at least 3 characters.");
    SEARCH_PHONE_TOO_SHORT = shared(400, "user_search_phone_number_fuzzy_too_short", "phone_number_fuzzy needs at least 3 characters.");
    SEARCH_NAME_TOO_SHORT = shared(400, "user_search_full_name_fuzzy_too_short", "full_name_fuzzy needs at least 3 characters.");
}

// Links.
rows! {
    INVALID_TOKEN = shared(400, "invalid_token", "The token is not well formed.");
    MAGIC_LINK_NOT_FOUND = shared(404, "magic_link_not_found", "There is no such magic link.");
    UNABLE_TO_AUTH_MAGIC_LINK = shared(401, "unable_to_auth_magic_link", "The magic link has been used or has expired.");
    ATTRIBUTE_MISMATCH = shared(401, "attribute_mismatch", "The attributes do not match those the link was asked for with.");
    INVALID_LOGIN_URL = shared(400, "invalid_login_magic_link_url", "The login redirect URL is not well formed.");
    INVALID_SIGNUP_URL = shared(400, "invalid_signup_magic_link_url", "The signup redirect URL is not well formed.");
    INVALID_LOGIN_REDIRECT_URL = shared(400, "invalid_login_redirect_url", "The login redirect URL is not well formed.");
    INVALID_SIGNUP_REDIRECT_URL = shared(400, "invalid_signup_redirect_url", "The signup redirect URL is not well formed.");
    NO_MATCH_FOR_URL = shared(400, "no_match_for_provided_magic_link_url", "The emulator takes redirect URLs that are https, or http to a loopback host.");
    PKCE_EXPECTED_VERIFIER = shared(400, "pkce_expected_code_verifier", "This link was asked for with a code challenge: a code verifier is needed.");
    PKCE_UNEXPECTED_VERIFIER = shared(400, "pkce_did_not_expect_code_verifier", "This link was asked for without a code challenge.");
    PKCE_MISMATCH = shared(400, "pkce_mismatch", "The code verifier does not match the code challenge.");
    INVALID_CODE_CHALLENGE = shared(400, "invalid_pkce_code_challenge", "A code challenge is the base64url of a SHA-256 hash.");
}

// Sessions.
rows! {
    SESSION_NOT_FOUND = shared(404, "session_not_found", "There is no such session, or it has ended.");
    INVALID_SESSION_TOKEN = shared(400, "invalid_session_token", "The session token is not well formed.");
    UNABLE_TO_PARSE_SESSION_JWT = shared(400, "unable_to_parse_session_jwt", "The session JWT is malformed or not signed by this project.");
    NO_SESSION_ARGUMENTS = shared(400, "no_session_arguments", "One of session_token and session_jwt is needed.");
    TOO_MANY_SESSION_ARGUMENTS = shared(400, "too_many_session_arguments", "Only one of session_token and session_jwt can be given.");
    NO_SESSION_REVOKE_ARGUMENTS = shared(400, "no_session_revoke_arguments", "Say which session to revoke.");
    TOO_MANY_SESSION_REVOKE_ARGUMENTS = shared(400, "too_many_session_revoke_arguments", "Say in one way only which session to revoke.");
    INVALID_SESSION_DURATION = shared(400, "invalid_session_duration_minutes", "The session duration must be from 5 to 527040 minutes.");
}

// Roles.
rows! {
    CONSUMER_AUTHORIZATION_ERROR = shared(403, "consumer_session_authorization_error", "The session does not allow this.");
    EMPTY_RBAC_RESOURCE_ID = shared(400, "empty_rbac_resource_id", "A resource ID is needed.");
    EMPTY_RBAC_ROLE_ID = shared(400, "empty_rbac_role_id", "A role needs an ID.");
    INVALID_RBAC_ROLE_ID = shared(400, "invalid_rbac_role_id", "There is no such role.");
    INVALID_RBAC_CUSTOM_ROLE = b2b(400, "invalid_rbac_custom_role", "A role is not well formed.");
    INVALID_RBAC_STYTCH_ROLE_EDIT = b2b(400, "invalid_rbac_stytch_role_edit", "Roles whose IDs begin with stytch cannot be made.");
    RBAC_ROLE_DUPLICATE = b2b(400, "rbac_role_duplicate", "Two roles have the same ID.");
    RBAC_PERMISSION_MISSING_ACTIONS = b2b(400, "rbac_permission_missing_actions", "A permission needs an action.");
    INVALID_PERMISSION_RESOURCE = b2b(400, "invalid_permission_resource", "The project has no such resource.");
    INVALID_PERMISSION_ACTION = b2b(400, "invalid_permission_action", "The resource has no such action.");
}

// Machines. Those that searches of other families have as well are theirs.
rows! {
    M2M_CLIENT_NOT_FOUND = shared(404, "m2m_client_not_found", "There is no such M2M client.");
    DUPLICATE_M2M_CLIENT_ID = shared(400, "duplicate_m2m_client_id", "Another M2M client has this ID.");
    M2M_CLIENT_INVALID_CLIENT_ID = shared(400, "m2m_client_invalid_client_id", "A client ID has 1 to 128 characters of A-Z, a-z, 0-9 and ._|-");
    M2M_CLIENT_INVALID_STATUS = shared(400, "m2m_client_invalid_status", "The status must be active or inactive.");
    INVALID_M2M_CLIENT_SCOPE = shared(400, "invalid_m2m_client_scope", "A scope is printable ASCII without spaces, quotes and backslashes.");
    INSECURE_M2M_CLIENT_SECRET = shared(400, "insecure_m2m_client_secret", "The secret is too easy to guess.");
    CLIENT_SECRET_TOO_LONG = shared(400, "client_secret_too_long", "The secret has more than 128 characters.");
    M2M_CLIENT_ALREADY_ROTATING_SECRET = shared(400, "m2m_client_already_rotating_secret", "The client has a next secret already.");
    M2M_CLIENT_NOT_ROTATING_SECRET = shared(400, "m2m_client_not_rotating_secret", "The client has no next secret.");
    M2M_SEARCH_MISSING_FILTER_NAME = shared(400, "m2m_search_missing_filter_name", "Each operand needs a filter_name.");
    M2M_SEARCH_MISSING_FILTER_VALUE = shared(400, "m2m_search_missing_filter_value", "Each operand needs a filter_value.");
    M2M_SEARCH_FILTER_NAME_MUST_BE_STRING = shared(400, "m2m_search_filter_name_must_be_string", "The filter_name must be a string.");
    M2M_SEARCH_FILTER_NAME_NOT_RECOGNIZED = shared(400, "m2m_search_filter_name_not_recognized", "There is no filter of this name.");
    M2M_SEARCH_EXPECTED_ARRAY_OF_STRINGS = shared(400, "m2m_search_expected_array_of_strings", "This filter takes an array of strings.");
}

// OAuth 2.0 (RFC 6749, section 5.2).
rows! {
    INVALID_REQUEST = shared(400, "invalid_request", "A parameter is missing, or comes twice.");
    INVALID_CLIENT = shared(401, "invalid_client", "The client is unknown, or its secret is wrong.");
    INVALID_SCOPE = shared(400, "invalid_scope", "The client does not have this scope.");
    UNSUPPORTED_GRANT_TYPE = shared(400, "unsupported_grant_type", "The grant type must be client_credentials.");
}

// B2B.
rows! {
    ORGANIZATION_NOT_FOUND = b2b(404, "organization_not_found", "There is no such organization.");
    INVALID_ORGANIZATION_ID = b2b(400, "invalid_organization_id", "The organization ID is not well formed.");
    ORGANIZATION_NAME_MISSING = b2b(400, "organization_name_missing", "An organization needs a name.");
    INVALID_ORGANIZATION_NAME = b2b(400, "invalid_organization_name", "An organization's name has 1 to 128 characters.");
    INVALID_ORGANIZATION_SLUG = b2b(400, "invalid_organization_slug", "A slug has 2 to 128 characters of A-Z, a-z, 0-9 and -._~ with a letter or digit among them.");
    ORGANIZATION_SLUG_USED = b2b(400, "organization_slug_already_used", "Another organization has this slug.");
    INVALID_ORGANIZATION_EXTERNAL_ID = b2b(400, "invalid_organization_external_id", "An external ID has 1 to 128 characters of A-Z, a-z, 0-9 and ._|-");
    ORGANIZATION_EXTERNAL_ID_USED = b2b(400, "organization_external_id_already_used", "Another organization has this external ID.");
    INVALID_AUTH_FACTOR_SETTING = b2b(400, "invalid_organization_auth_factor_setting", "A joining setting is not one of its values, or nobody could join at all.");
    INVALID_AUTH_METHODS = b2b(400, "invalid_organization_auth_method_settings", "The methods setting must be ALL_ALLOWED or RESTRICTED.");
    INVALID_ALLOWED_AUTH_METHODS = b2b(400, "invalid_organization_allowed_auth_methods", "The list has a method that does not exist.");
    INVALID_ALLOWED_MFA_METHODS = b2b(400, "invalid_organization_allowed_mfa_methods", "The list has a method that does not exist.");
    INVALID_MFA_POLICY = b2b(400, "invalid_organization_mfa_policy", "The MFA policy must be OPTIONAL or REQUIRED_FOR_ALL.");
    AUTH_METHODS_NEEDED = b2b(400, "allowed_auth_methods_required_for_restricted", "RESTRICTED needs allowed_auth_methods.");
    MFA_METHODS_NEEDED = b2b(400, "allowed_mfa_methods_required_for_restricted", "RESTRICTED needs allowed_mfa_methods.");
    DOMAIN_TOO_COMMON = b2b(400, "organization_settings_domain_too_common", "Anybody can have an address at this domain.");
    INVALID_DOMAIN = b2b(400, "organization_settings_invalid_domain", "A domain is not well formed.");
    DUPLICATE_DOMAIN = b2b(400, "organization_settings_duplicate_domain", "A domain is listed twice.");
    MEMBER_NOT_FOUND = b2b(404, "member_not_found", "There is no such member.");
    INVALID_MEMBER_ID = b2b(400, "invalid_member_id", "The member ID is not well formed.");
    INVALID_MEMBER_GET_FIELDS = b2b(400, "invalid_member_get_fields", "Exactly one of member_id and email_address is needed.");
    DUPLICATE_MEMBER_EMAIL = b2b(400, "duplicate_member_email", "Another member has this email address.");
    DUPLICATE_MEMBER_EXTERNAL_ID = b2b(400, "duplicate_member_external_id", "Another member has this external ID.");
    DUPLICATE_MEMBER_PHONE_NUMBER = b2b(400, "duplicate_member_phone_number", "Another member has this phone number.");
    EMAIL_JIT_NOT_ALLOWED = b2b(400, "email_jit_provisioning_not_allowed", "The organization does not let people join by their email address.");
    INVALID_EMAIL_FOR_JIT = b2b(400, "invalid_email_for_jit_provisioning", "The email's domain is not among those that may join.");
    AUTH_METHOD_RESTRICTED = b2b(400, "operation_restricted_by_organization_auth_methods", "The organization does not allow magic links.");
    INTERMEDIATE_SESSION_NOT_FOUND = b2b(404, "intermediate_session_not_found", "There is no such intermediate session.");
    SESSION_AUTHORIZATION_ERROR = b2b(403, "session_authorization_error", "The member session does not allow this.");
    SESSION_TENANCY_ERROR = b2b(403, "session_authorization_tenancy_error", "The member session belongs to another organization.");
    CANNOT_UPDATE_TRUSTED_METADATA = b2b(401, "cannot_update_trusted_metadata", "A member cannot set trusted metadata.");
}
