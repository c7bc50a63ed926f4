//! The route table. Each row has the method, the path, the accepted caller, the parts of the state that the operation
//! receives, and the operation.

use crate::fraud;
use crate::route::{Caller, Route};
use crate::saml_shield;
use crate::{about_project, b2b, connected_apps, consumer, m2m, oauth2};

macro_rules! routes {
    ($($method:ident $path:literal $caller:ident [$($part:ident),*] => $operation:path;)*) => {
        &[$(Route {
            method: stringify!($method),
            path: $path,
            caller: Caller::$caller,
            operation: |state, call| $operation($(part!(state call $part),)* call),
        }),*]
    };
}

// The parts of the state. `project` and `m2m_clients` belong to the project that `Call::product` selects.
macro_rules! part {
    ($state:ident $call:ident fraud) => {
        &mut $state.projects.of_mut($call.product).fraud
    };
    ($state:ident $call:ident consumer) => {
        &mut $state.projects.consumer
    };
    ($state:ident $call:ident b2b) => {
        &mut $state.projects.b2b
    };
    ($state:ident $call:ident projects) => {
        &$state.projects
    };
    ($state:ident $call:ident project) => {
        $state.projects.of_mut($call.product)
    };
    ($state:ident $call:ident m2m_clients) => {
        &mut $state.projects.of_mut($call.product).m2m_clients
    };
    ($state:ident $call:ident projects_mut) => {
        &mut $state.projects
    };
    ($state:ident $call:ident apps_and_grants) => {{
        let project = $state.projects.of_mut($call.product);
        (&mut project.connected_apps, &mut project.grants)
    }};
    ($state:ident $call:ident connected_apps) => {
        &mut $state.projects.of_mut($call.product).connected_apps
    };
    ($state:ident $call:ident ids) => {
        &mut $state.ids
    };
    ($state:ident $call:ident outbox) => {
        &mut $state.outbox
    };
}

pub(crate) use {part, routes};

// `emulator/coverage.yaml` must have a row for each of these rows. The order has no meaning.
pub(crate) static ROUTES: &[Route] = routes! {
    POST "/v1/magic_links/email/login_or_create" Project [consumer, ids, outbox] => consumer::magic_links::login_or_create;
    POST "/v1/magic_links/authenticate" Project [consumer, ids, outbox] => consumer::magic_links::authenticate;
    POST "/v1/magic_links" Project [consumer, ids] => consumer::magic_links::create;
    POST "/v1/magic_links/email/send" Project [consumer, ids, outbox] => consumer::magic_links::send;
    POST "/v1/magic_links/email/invite" Project [consumer, ids, outbox] => consumer::invites::invite;
    POST "/v1/magic_links/email/revoke_invite" Project [consumer] => consumer::invites::revoke_invite;
    POST "/v1/otps/sms/send" Project [consumer, ids, outbox] => consumer::otps::send;
    POST "/v1/otps/sms/login_or_create" Project [consumer, ids, outbox] => consumer::otps::login_or_create;
    POST "/v1/otps/whatsapp/send" Project [consumer, ids, outbox] => consumer::otps::send;
    POST "/v1/otps/whatsapp/login_or_create" Project [consumer, ids, outbox] => consumer::otps::login_or_create;
    POST "/v1/otps/email/send" Project [consumer, ids, outbox] => consumer::otps::send;
    POST "/v1/otps/email/login_or_create" Project [consumer, ids, outbox] => consumer::otps::login_or_create;
    POST "/v1/otps/authenticate" Project [consumer, ids, outbox] => consumer::otps::authenticate;
    POST "/v1/passwords" Project [consumer, ids] => consumer::passwords::create;
    POST "/v1/passwords/authenticate" Project [consumer, ids] => consumer::passwords::authenticate;
    POST "/v1/passwords/strength_check" Project [consumer] => consumer::passwords::strength_check;
    POST "/v1/passwords/migrate" Project [consumer, ids] => consumer::password_migration::migrate;
    POST "/v1/passwords/email/reset/start" Project [consumer, ids, outbox] => consumer::password_resets::start;
    POST "/v1/passwords/email/reset" Project [consumer, ids, outbox] => consumer::password_resets::by_email;
    POST "/v1/passwords/existing_password/reset" Project [consumer, ids] => consumer::password_resets::by_existing_password;
    POST "/v1/passwords/session/reset" Project [consumer, ids] => consumer::password_resets::in_session;
    POST "/v1/totps" Project [consumer, ids] => consumer::totps::create;
    POST "/v1/totps/authenticate" Project [consumer, ids] => consumer::totps::authenticate;
    POST "/v1/totps/recovery_codes" Project [consumer] => consumer::totps::recovery_codes;
    POST "/v1/crypto_wallets/authenticate/start" Project [consumer, ids] => consumer::crypto_wallets::start;
    POST "/v1/crypto_wallets/authenticate" Project [consumer, ids] => consumer::crypto_wallets::authenticate;
    POST "/v1/webauthn/register/start" Project [consumer, ids] => consumer::webauthn::register_start;
    POST "/v1/webauthn/register" Project [consumer, ids] => consumer::webauthn::register;
    POST "/v1/webauthn/authenticate/start" Project [consumer, ids] => consumer::webauthn_log_in::start;
    POST "/v1/webauthn/authenticate" Project [consumer, ids] => consumer::webauthn_log_in::authenticate;
    PUT "/v1/webauthn/{webauthn_registration_id}" Project [consumer] => consumer::webauthn::rename;
    GET "/v1/webauthn/credentials/{user_id}/{domain}" Project [consumer] => consumer::webauthn::list;
    POST "/v1/totps/recover" Project [consumer, ids] => consumer::totps::recover;
    GET "/v1/sessions" Project [consumer] => consumer::sessions::list;
    POST "/v1/sessions/authenticate" Project [consumer] => consumer::sessions::authenticate;
    POST "/v1/sessions/revoke" Project [consumer] => consumer::sessions::revoke;
    POST "/v1/sessions/migrate" Project [consumer, ids] => consumer::session_exchange::migrate;
    POST "/v1/sessions/attest" Project [consumer, ids] => consumer::session_exchange::attest;
    POST "/v1/sessions/exchange_access_token" Project [consumer, ids] => consumer::session_exchange::exchange_access_token;
    POST "/v1/impersonation/authenticate" Project [consumer, ids] => consumer::impersonation::authenticate;
    POST "/v1/b2b/impersonation/authenticate" Project [b2b, ids] => b2b::impersonation::authenticate;
    POST "/v1/b2b/sessions/migrate" Project [b2b, ids] => b2b::session_exchange::migrate;
    POST "/v1/b2b/sessions/attest" Project [b2b, ids] => b2b::session_exchange::attest;
    POST "/v1/b2b/sessions/exchange_access_token" Project [b2b, ids] => b2b::session_exchange::exchange_access_token;
    POST "/v1/oauth/attach" Project [consumer, ids] => consumer::oauth::attach;
    POST "/v1/oauth/authenticate" Project [consumer, ids] => consumer::oauth::authenticate;
    POST "/v1/b2b/oauth/authenticate" Project [b2b, ids, outbox] => b2b::oauth::authenticate;
    POST "/v1/b2b/oauth/discovery/authenticate" Project [b2b, ids] => b2b::oauth::discovery_authenticate;
    GET "/v1/sessions/jwks/{project_id}" Public [projects] => about_project::jwks;
    POST "/v1/users" Project [consumer, ids] => consumer::users::create;
    POST "/v1/users/search" Project [consumer] => consumer::search::search;
    GET "/v1/users/{user_id}" Project [consumer] => consumer::users::read;
    PUT "/v1/users/{user_id}" Project [consumer] => consumer::users::update;
    DELETE "/v1/users/{user_id}" Project [consumer] => consumer::users::delete;
    DELETE "/v1/users/emails/{email_id}" Project [consumer] => consumer::factors::delete_email;
    DELETE "/v1/users/phone_numbers/{phone_id}" Project [consumer] => consumer::factors::delete_phone_number;
    DELETE "/v1/users/webauthn_registrations/{webauthn_registration_id}" Project [consumer] => consumer::factors::delete_webauthn_registration;
    DELETE "/v1/users/biometric_registrations/{biometric_registration_id}" Project [consumer] => consumer::factors::delete_biometric_registration;
    DELETE "/v1/users/totps/{totp_id}" Project [consumer] => consumer::factors::delete_totp;
    DELETE "/v1/users/crypto_wallets/{crypto_wallet_id}" Project [consumer] => consumer::factors::delete_crypto_wallet;
    DELETE "/v1/users/passwords/{password_id}" Project [consumer] => consumer::factors::delete_password;
    DELETE "/v1/users/oauth/{oauth_user_registration_id}" Project [consumer] => consumer::factors::delete_oauth_registration;
    PUT "/v1/users/{user_id}/exchange_primary_factor" Project [consumer, ids] => consumer::factors::exchange_primary_factor;
    DELETE "/v1/users/{user_id}/external_id" Project [consumer] => consumer::users::delete_external_id;
    GET "/v1/projects/metrics" EitherProject [projects] => about_project::metrics;
    GET "/v1/rbac/policy" Project [project] => about_project::policy;
    POST "/v1/m2m/clients" EitherProject [m2m_clients, ids] => m2m::clients::create;
    POST "/v1/m2m/clients/search" EitherProject [m2m_clients] => m2m::search::search;
    GET "/v1/m2m/clients/{client_id}" EitherProject [m2m_clients] => m2m::clients::read;
    PUT "/v1/m2m/clients/{client_id}" EitherProject [m2m_clients] => m2m::clients::update;
    DELETE "/v1/m2m/clients/{client_id}" EitherProject [m2m_clients] => m2m::clients::delete;
    POST "/v1/m2m/clients/{client_id}/secrets/rotate/start" EitherProject [m2m_clients, ids] => m2m::secrets::start;
    POST "/v1/m2m/clients/{client_id}/secrets/rotate" EitherProject [m2m_clients] => m2m::secrets::finish;
    POST "/v1/m2m/clients/{client_id}/secrets/rotate/cancel" EitherProject [m2m_clients] => m2m::secrets::cancel;
    POST "/v1/connected_apps/clients" EitherProject [connected_apps, ids] => connected_apps::clients::create;
    POST "/v1/connected_apps/clients/search" EitherProject [connected_apps] => connected_apps::clients::search;
    GET "/v1/connected_apps/clients/{client_id}" EitherProject [connected_apps] => connected_apps::clients::read;
    PUT "/v1/connected_apps/clients/{client_id}" EitherProject [connected_apps] => connected_apps::clients::update;
    DELETE "/v1/connected_apps/clients/{client_id}" EitherProject [apps_and_grants] => connected_apps::clients::delete;
    POST "/v1/connected_apps/clients/{client_id}/secrets/rotate/start" EitherProject [connected_apps, ids] => connected_apps::clients::start_rotation;
    POST "/v1/connected_apps/clients/{client_id}/secrets/rotate" EitherProject [connected_apps] => connected_apps::clients::finish_rotation;
    POST "/v1/connected_apps/clients/{client_id}/secrets/rotate/cancel" EitherProject [connected_apps] => connected_apps::clients::cancel_rotation;
    POST "/v1/public/{project_id}/oauth2/token" Client [projects_mut, ids] => oauth2::token::token;
    POST "/v1/public/{project_id}/oauth2/revoke" Client [project] => oauth2::revoke::revoke;
    GET "/v1/public/{project_id}/oauth2/userinfo" Client [projects] => oauth2::userinfo::userinfo;
    POST "/v1/public/{project_id}/oauth2/userinfo" Client [projects] => oauth2::userinfo::userinfo;
    POST "/v1/idp/oauth/authorize/start" Project [consumer] => consumer::idp::authorize_start;
    POST "/v1/idp/oauth/authorize" Project [consumer, ids] => consumer::idp::authorize;
    POST "/v1/b2b/idp/oauth/authorize/start" Project [b2b] => b2b::idp::authorize_start;
    POST "/v1/b2b/idp/oauth/authorize" Project [b2b, ids] => b2b::idp::authorize;
    GET "/v1/users/{user_id}/connected_apps" Project [consumer] => consumer::idp::list;
    POST "/v1/users/{user_id}/connected_apps/{connected_app_id}/revoke" Project [consumer] => consumer::idp::revoke;
    GET "/v1/b2b/organizations/{organization_id}/connected_apps" Project [b2b] => b2b::idp::list_of_organization;
    GET "/v1/b2b/organizations/{organization_id}/connected_apps/{connected_app_id}" Project [b2b] => b2b::idp::read;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/connected_apps" Project [b2b] => b2b::idp::list_of_member;
    POST "/v1/b2b/organizations/{organization_id}/members/{member_id}/connected_apps/{connected_app_id}/revoke" Project [b2b] => b2b::idp::revoke;
    POST "/v1/public/{project_id}/oauth2/introspect" Client [project] => oauth2::introspect::introspect;
    POST "/v1/fingerprint/lookup" EitherProject [fraud] => fraud::fingerprints::lookup;
    POST "/v1/rules/set" EitherProject [fraud] => fraud::rules::set;
    POST "/v1/rules/list" EitherProject [fraud] => fraud::rules::list;
    POST "/v1/verdict_reasons/override" EitherProject [fraud] => fraud::verdict_reasons::set;
    POST "/v1/verdict_reasons/list" EitherProject [fraud] => fraud::verdict_reasons::list;
    POST "/v1/email/risk" EitherProject [fraud] => fraud::email::risk;
    GET "/v1/debug/whoami" EitherProject [project] => about_project::whoami;
    POST "/v1/b2b/organizations" Project [b2b, ids] => b2b::organizations::create;
    GET "/v1/b2b/organizations/{organization_id}" Project [b2b] => b2b::organizations::read;
    POST "/v1/b2b/organizations/{organization_id}/members" Project [b2b, ids] => b2b::members::create;
    GET "/v1/b2b/organizations/{organization_id}/member" Project [b2b] => b2b::members::read;
    POST "/v1/b2b/magic_links/email/login_or_signup" Project [b2b, ids, outbox] => b2b::magic_links::login_or_signup;
    POST "/v1/b2b/magic_links/authenticate" Project [b2b, ids, outbox] => b2b::magic_links::authenticate;
    POST "/v1/b2b/discovery/organizations" Project [b2b] => b2b::discovery_organizations::list;
    POST "/v1/b2b/discovery/organizations/create" Project [b2b, ids, outbox] => b2b::discovery_organizations::create;
    POST "/v1/b2b/discovery/intermediate_sessions/exchange" Project [b2b, ids, outbox] => b2b::exchange::intermediate_session;
    POST "/v1/b2b/sessions/exchange" Project [b2b, ids, outbox] => b2b::exchange::session;
    POST "/v1/b2b/magic_links/email/invite" Project [b2b, ids, outbox] => b2b::magic_links::invite;
    POST "/v1/b2b/magic_links/email/discovery/send" Project [b2b, ids, outbox] => b2b::magic_links_discovery::send;
    POST "/v1/b2b/magic_links/discovery/authenticate" Project [b2b, ids, outbox] => b2b::magic_links_discovery::authenticate;
    POST "/v1/b2b/otps/email/discovery/send" Project [b2b, ids, outbox] => b2b::otps_discovery::send;
    POST "/v1/b2b/otps/email/discovery/authenticate" Project [b2b, ids, outbox] => b2b::otps_discovery::authenticate;
    POST "/v1/b2b/otps/email/login_or_signup" Project [b2b, ids, outbox] => b2b::otps_email::login_or_signup;
    POST "/v1/b2b/otps/email/authenticate" Project [b2b, ids, outbox] => b2b::otps_email::authenticate;
    POST "/v1/b2b/otps/sms/send" Project [b2b, ids, outbox] => b2b::otps_sms::send;
    POST "/v1/b2b/otps/sms/authenticate" Project [b2b, ids, outbox] => b2b::otps_sms::authenticate;
    POST "/v1/b2b/totp" Project [b2b, ids] => b2b::totps::create;
    POST "/v1/b2b/totp/authenticate" Project [b2b, ids] => b2b::totps::authenticate;
    POST "/v1/b2b/totp/migrate" Project [b2b, ids] => b2b::totps::migrate;
    GET "/v1/b2b/recovery_codes/{organization_id}/{member_id}" Project [b2b] => b2b::recovery_codes::read;
    POST "/v1/b2b/recovery_codes/rotate" Project [b2b, ids] => b2b::recovery_codes::rotate;
    POST "/v1/b2b/recovery_codes/recover" Project [b2b, ids] => b2b::recovery_codes::recover;
    POST "/v1/b2b/organizations/search" Project [b2b] => b2b::organization_search::search;
    PUT "/v1/b2b/organizations/{organization_id}" Project [b2b] => b2b::organizations::update;
    DELETE "/v1/b2b/organizations/{organization_id}" Project [b2b] => b2b::organizations::delete;
    DELETE "/v1/b2b/organizations/{organization_id}/external_id" Project [b2b] => b2b::organizations::delete_external_id;
    GET "/v1/b2b/organizations/{organization_id}/metrics" Project [b2b] => b2b::organizations::metrics;
    POST "/v1/b2b/organizations/members/search" Project [b2b] => b2b::member_search::search;
    GET "/v1/b2b/organizations/members/dangerously_get/{member_id}" Project [b2b] => b2b::members::dangerously_read;
    PUT "/v1/b2b/organizations/{organization_id}/members/{member_id}" Project [b2b, ids] => b2b::members::update;
    DELETE "/v1/b2b/organizations/{organization_id}/members/{member_id}" Project [b2b] => b2b::members::delete;
    PUT "/v1/b2b/organizations/{organization_id}/members/{member_id}/reactivate" Project [b2b] => b2b::members::reactivate;
    DELETE "/v1/b2b/organizations/{organization_id}/members/{member_id}/external_id" Project [b2b] => b2b::members::delete_external_id;
    POST "/v1/b2b/organizations/{organization_id}/members/{member_id}/start_email_update" Project [b2b, ids, outbox] => b2b::member_emails::start_update;
    POST "/v1/b2b/organizations/{organization_id}/members/{member_id}/unlink_retired_email" Project [b2b] => b2b::member_emails::unlink_retired;
    DELETE "/v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}" Project [b2b] => b2b::member_factors::delete_phone_number;
    DELETE "/v1/b2b/organizations/{organization_id}/members/{member_id}/totp" Project [b2b] => b2b::member_factors::delete_totp;
    DELETE "/v1/b2b/organizations/{organization_id}/members/passwords/{member_password_id}" Project [b2b] => b2b::member_factors::delete_password;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/google" Project [b2b] => b2b::member_oauth_providers::google;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/microsoft" Project [b2b] => b2b::member_oauth_providers::microsoft;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/slack" Project [b2b] => b2b::member_oauth_providers::slack;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/hubspot" Project [b2b] => b2b::member_oauth_providers::hubspot;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/oauth_providers/github" Project [b2b] => b2b::member_oauth_providers::github;
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/oidc_providers" Project [b2b] => b2b::member_oauth_providers::oidc;
    POST "/v1/b2b/sso/authenticate" Project [b2b, ids, outbox] => b2b::sso::authenticate::authenticate;
    POST "/v1/saml/validate" Public [projects] => saml_shield::validate;
    POST "/v1/b2b/scim/{organization_id}/connection" Project [b2b, ids] => b2b::scim::connections::create;
    GET "/v1/b2b/scim/{organization_id}/connection" Project [b2b] => b2b::scim::connections::read;
    GET "/v1/b2b/scim/{organization_id}/connection/{connection_id}" Project [b2b] => b2b::scim::connections::groups;
    PUT "/v1/b2b/scim/{organization_id}/connection/{connection_id}" Project [b2b] => b2b::scim::connections::update;
    DELETE "/v1/b2b/scim/{organization_id}/connection/{connection_id}" Project [b2b] => b2b::scim::connections::delete;
    POST "/v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/start" Project [b2b, ids] => b2b::scim::connections::rotate_start;
    POST "/v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/complete" Project [b2b] => b2b::scim::connections::rotate_complete;
    POST "/v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/cancel" Project [b2b] => b2b::scim::connections::rotate_cancel;
    POST "/v1/b2b/passwords/authenticate" Project [b2b, ids, outbox] => b2b::passwords::authenticate;
    POST "/v1/b2b/passwords/strength_check" Project [b2b] => b2b::passwords::strength_check;
    POST "/v1/b2b/passwords/migrate" Project [b2b, ids] => b2b::password_migration::migrate;
    POST "/v1/b2b/passwords/email/reset/start" Project [b2b, ids, outbox] => b2b::password_resets::start;
    POST "/v1/b2b/passwords/email/reset" Project [b2b, ids, outbox] => b2b::password_resets::by_email;
    POST "/v1/b2b/passwords/email/require_reset" Project [b2b] => b2b::password_resets::require;
    POST "/v1/b2b/passwords/existing_password/reset" Project [b2b, ids, outbox] => b2b::password_resets::by_existing_password;
    POST "/v1/b2b/passwords/session/reset" Project [b2b, ids] => b2b::password_resets::in_session;
    POST "/v1/b2b/passwords/discovery/authenticate" Project [b2b, ids] => b2b::passwords_discovery::authenticate;
    POST "/v1/b2b/passwords/discovery/email/reset/start" Project [b2b, ids, outbox] => b2b::passwords_discovery::start;
    POST "/v1/b2b/passwords/discovery/email/reset" Project [b2b, ids, outbox] => b2b::passwords_discovery::reset;
    GET "/v1/b2b/sessions" Project [b2b] => b2b::sessions::list;
    POST "/v1/b2b/sessions/authenticate" Project [b2b] => b2b::sessions::authenticate;
    POST "/v1/b2b/sessions/revoke" Project [b2b] => b2b::sessions::revoke;
    GET "/v1/b2b/sessions/jwks/{project_id}" Public [projects] => about_project::jwks;
    GET "/v1/b2b/rbac/policy" Project [project] => about_project::policy;
    GET "/v1/b2b/rbac/organizations/{organization_id}" Project [b2b] => b2b::org_policy::read;
    PUT "/v1/b2b/rbac/organizations/{organization_id}" Project [b2b] => b2b::org_policy::replace;
    GET "/v1/b2b/sso/{organization_id}" Project [b2b] => b2b::sso::connections::list;
    DELETE "/v1/b2b/sso/{organization_id}/connections/{connection_id}" Project [b2b] => b2b::sso::connections::delete;
    POST "/v1/b2b/sso/saml/{organization_id}" Project [b2b, ids] => b2b::sso::saml::create;
    PUT "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}" Project [b2b, ids] => b2b::sso::saml::update;
    PUT "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/url" Project [b2b, ids] => b2b::sso::metadata::update_by_url;
    DELETE "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/verification_certificates/{certificate_id}" Project [b2b] => b2b::sso::saml::delete_certificate;
    DELETE "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/encryption_private_keys/{private_key_id}" Project [b2b] => b2b::sso::saml::delete_private_key;
    POST "/v1/b2b/sso/oidc/{organization_id}" Project [b2b, ids] => b2b::sso::oidc::create;
    PUT "/v1/b2b/sso/oidc/{organization_id}/connections/{connection_id}" Project [b2b] => b2b::sso::oidc::update;
    POST "/v1/b2b/sso/external/{organization_id}" Project [b2b, ids] => b2b::sso::external::create;
    PUT "/v1/b2b/sso/external/{organization_id}/connections/{connection_id}" Project [b2b] => b2b::sso::external::update;
};
