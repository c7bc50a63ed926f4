//! The error types of SSO and SCIM, one row each. The messages are the emulator's own.

use super::failure::ErrorRow;
use super::rows::b2b;

macro_rules! rows {
    ($($name:ident = $row:expr;)*) => { $(pub(crate) static $name: ErrorRow = $row;)* };
}

// SSO connections.
rows! {
    INVALID_SSO_IDP = b2b(400, "invalid_sso_idp", "The identity_provider must be generic or one of the documented names.");
    INVALID_X509_CERTIFICATE = b2b(400, "invalid_x509_certificate", "The certificate must be an X.509 certificate of an RSA key in PEM.");
    SAML_SIGNING_PRIVATE_KEY_FORMAT = b2b(400, "saml_signing_private_key_format_not_supported", "The private key must be an RSA key of PKCS #1 in PEM.");
    SAML_SIGNING_PRIVATE_KEY_INVALID = b2b(400, "saml_signing_private_key_invalid", "The private key is not an RSA key in PEM.");
    SAML_GROUP_ROLE_ASSIGNMENT_WITHOUT_GROUP = b2b(400, "saml_group_role_assignment_does_not_contain_member_group", "A group is required in each assignment of a role to a group.");
    CANNOT_ASSIGN_DEFAULT_ROLE = b2b(400, "cannot_assign_default_rbac_role_id", "Every member has the role stytch_member already.");
    SAML_IDP_SSO_URL_NOT_HTTPS = b2b(400, "saml_connection_idp_sso_url_not_https", "The idp_sso_url must be https. The emulator also accepts http with a loopback host.");
    SAML_IDP_SSO_URL_INVALID = b2b(400, "saml_connection_idp_sso_url_invalid_format", "The idp_sso_url must be an absolute URL.");
    TOO_MANY_VERIFICATION_CERTIFICATES = b2b(400, "too_many_sso_verification_certificates", "A connection must not have more than 5 verification certificates.");
    SAML_ATTRIBUTE_MAPPING_WITHOUT_GROUPS = b2b(400, "saml_connection_attribute_mapping_missing_groups_key", "The attribute_mapping must have the key groups if roles are assigned to groups.");
    SAML_ATTRIBUTE_MAPPING_NESTED = b2b(400, "saml_connection_no_nested_keys_in_attribute_mapping", "Each value of the attribute_mapping must be a string.");
    SAML_EMAIL_MAPPING_REQUIRED = b2b(400, "saml_connection_email_mapping_required", "The attribute_mapping must have the key email.");
    SAML_NAME_MAPPING_REQUIRED = b2b(400, "saml_connection_name_mapping_required", "The attribute_mapping must have the key full_name, or the keys first_name and last_name.");
    INVALID_SAML_METADATA_URL = b2b(400, "invalid_saml_metadata_url", "The emulator reads only the metadata of its own identity providers: <origin>/_emulator/idp/1/metadata to /8/metadata.");
    SAML_CONNECTION_NOT_FOUND = b2b(404, "saml_connection_not_found", "The SAML connection does not exist.");
    OIDC_CONNECTION_NOT_FOUND = b2b(404, "oidc_connection_not_found", "The OpenID Connect connection does not exist.");
    SSO_CONNECTION_NOT_FOUND = b2b(404, "sso_connection_not_found", "The SSO connection does not exist.");
    SSO_VERIFICATION_KEY_NOT_FOUND = b2b(404, "sso_verification_key_not_found", "The connection does not have this verification certificate.");
    SSO_ENCRYPTION_PRIVATE_KEY_NOT_FOUND = b2b(404, "sso_encryption_private_key_not_found", "The connection does not have this private key.");
    CANNOT_DELETE_LAST_VERIFICATION_KEY = b2b(400, "cannot_delete_last_sso_verification_key", "An active connection needs a verification certificate.");
    CANNOT_DELETE_DEFAULT_SSO_CONNECTION = b2b(400, "cannot_delete_default_sso_connection", "Another connection must become the default before the default connection is deleted.");
    OIDC_ISSUER_INVALID = b2b(400, "oidc_connection_issuer_url_invalid_format", "The issuer must be an https URL. The emulator also accepts http with a loopback host.");
    OIDC_AUTHORIZATION_URL_INVALID = b2b(400, "oidc_connection_authorization_url_invalid_format", "The authorization_url must be an https URL.");
    OIDC_TOKEN_URL_INVALID = b2b(400, "oidc_connection_token_url_invalid_format", "The token_url must be an https URL.");
    OIDC_USERINFO_URL_INVALID = b2b(400, "oidc_connection_userinfo_url_invalid_format", "The userinfo_url must be an https URL.");
    OIDC_JWKS_URL_INVALID = b2b(400, "oidc_connection_jwks_url_invalid_format", "The jwks_url must be an https URL.");
    EXTERNAL_CONNECTION_ID_NOT_FOUND = b2b(404, "external_connection_id_not_found", "The external connection does not exist.");
    EXTERNAL_ORGANIZATION_IS_THE_SAME = b2b(400, "external_organization_id_same_as_organization_id", "The external_organization_id must be another organization.");
    DUPLICATE_EXTERNAL_SSO_CONNECTION = b2b(400, "duplicate_external_sso_connection", "The organization uses this connection already.");
    INVALID_DEFAULT_SSO_CONNECTION = b2b(400, "invalid_sso_default_connection_id", "The sso_default_connection_id must be an active connection of the organization.");
}

// SCIM. The last rows are the error types of RFC 7644, table 9.
rows! {
    INVALID_SCIM_IDP = b2b(400, "invalid_scim_idp", "The identity_provider must be generic or one of the documented names.");
    ACTIVE_SCIM_CONNECTION_EXISTS = b2b(400, "active_scim_connection_exists", "The organization has a SCIM connection already.");
    NO_ACTIVE_SCIM_CONNECTION = b2b(400, "no_active_scim_connection", "The organization does not have this SCIM connection.");
    SCIM_CONNECTION_NOT_ROTATING = b2b(400, "scim_connection_not_rotating_token", "The SCIM connection does not have a second bearer token.");
    SCIM_GROUP_ROLE_WITHOUT_GROUP = b2b(400, "scim_group_role_assignment_does_not_contain_group_id", "A group_id is required in each assignment of a role to a group.");
    SCIM_GROUP_DOES_NOT_EXIST = b2b(400, "scim_group_role_assignment_group_does_not_exist", "The directory has not sent this group.");
    SCIM_UNAUTHORIZED = b2b(401, "unauthorized_credentials", "The bearer token is not a token of this SCIM connection.");
    SCIM_RESOURCE_NOT_FOUND = b2b(404, "scim_resource_not_found", "The resource does not exist.");
    SCIM_INVALID_FILTER = b2b(400, "invalidFilter", "The filter is malformed.");
    SCIM_UNIQUENESS = b2b(409, "uniqueness", "Another user or member has the userName or the email address.");
    SCIM_INVALID_SYNTAX = b2b(400, "invalidSyntax", "The Operations must be a list, and each op must be add, replace or remove.");
    SCIM_INVALID_PATH = b2b(400, "invalidPath", "The path is malformed.");
    SCIM_NO_TARGET = b2b(400, "noTarget", "The path does not select a value.");
    SCIM_INVALID_VALUE = b2b(400, "invalidValue", "The value is missing or malformed.");
    SCIM_MUTABILITY = b2b(400, "mutability", "The attribute cannot be changed.");
}

// Log-ins with SSO, and SAML Shield.
rows! {
    MISSING_SSO_CONNECTION_LOCATOR = b2b(400, "missing_sso_connection_locator", "The connection_id is required.");
    INVALID_LOGIN_SSO_URL = b2b(400, "invalid_login_sso_url", "The login_redirect_url must be an absolute URL without a fragment.");
    INVALID_SIGNUP_SSO_URL = b2b(400, "invalid_signup_sso_url", "The signup_redirect_url must be an absolute URL without a fragment.");
    NO_MATCH_FOR_SSO_URL = b2b(400, "no_match_for_provided_sso_url", "The emulator accepts redirect URLs that are https, or http with a loopback host.");
    EXTERNAL_CONNECTION_NOT_ACTIVE = b2b(400, "external_connection_not_active", "The connection of the other organization is not active.");
    INVALID_CONNECTION_FOR_JIT = b2b(400, "invalid_connection_for_jit_provisioning", "The organization does not allow users of this connection to join.");
    SSO_TOKEN_NOT_FOUND = b2b(404, "sso_token_not_found", "The SSO token does not exist, or it has been used or has expired.");
    MISSING_SAML_RESPONSE = b2b(400, "missing_saml_response", "The form field SAMLResponse is required.");
    INVALID_XML_SAML_RESPONSE = b2b(400, "invalid_xml_saml_response", "The SAML response is not XML in base64, or it has a DTD.");
    INVALID_SAML_RESPONSE = b2b(400, "invalid_saml_response", "The SAML response is malformed.");
    FAILED_SAML_RESPONSE = b2b(400, "failed_saml_response", "The identity provider has refused the log-in.");
    MISSING_SIGNATURE_SAML_RESPONSE = b2b(400, "missing_signature_saml_response", "Neither the SAML response nor its assertion is signed.");
    INVALID_SIGNATURE_SAML_RESPONSE = b2b(400, "invalid_signature_saml_response", "A signature of the SAML response is wrong or has a form that is not accepted.");
    SAML_CERTIFICATE_MISMATCH = b2b(400, "saml_certificate_mismatch", "None of the verification certificates verifies the signature.");
    INVALID_AUDIENCE_SAML_RESPONSE = b2b(400, "invalid_audience_saml_response", "The audience of the SAML response is not that of the connection.");
    EXPIRED_SAML_RESPONSE = b2b(400, "expired_saml_response", "The SAML response has expired.");
    NOT_YET_VALID_SAML_RESPONSE = b2b(400, "not_yet_valid_saml_response", "The SAML response is not valid yet.");
    UNSOLICITED_SAML_RESPONSE = b2b(400, "unsolicited_saml_response", "The SAML response does not belong to the request.");
    DUPLICATE_SAML_RESPONSE = b2b(400, "duplicate_saml_response", "The SAML response has been used already.");
    SAML_IDP_INITIATED_AUTH_DISABLED = b2b(400, "saml_idp_initiated_auth_disabled", "The connection does not accept log-ins that the identity provider starts.");
    INVALID_SAML_RESPONSE_EMAIL = b2b(400, "invalid_saml_response_email", "The SAML response has no email address in the attribute of the mapping.");
    MISSING_OIDC_STATE_PARAM = b2b(400, "missing_oidc_state_param", "The parameter state is required.");
    UNSOLICITED_OIDC_RESPONSE = b2b(400, "unsolicited_oidc_response", "The state is unknown, or the log-in has ended or has expired.");
    OIDC_AUTH_CODE_ERROR = b2b(400, "oidc_auth_code_error", "The code is missing, or it has been used or has expired.");
    OIDC_INVALID_ID_TOKEN = b2b(400, "oidc_invalid_id_token", "The ID token is not valid.");
    OIDC_RESPONSE_SUBJECT_MISSING = b2b(400, "oidc_response_subject_missing", "The claims have no subject.");
    OIDC_RESPONSE_EMAIL_MISSING = b2b(400, "oidc_response_email_missing", "The claims have no email address.");
}
