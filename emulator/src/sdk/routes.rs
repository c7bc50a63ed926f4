//! The table of the routes that the browser SDKs call, and the route of the server API that each of them is equal to.

use crate::errors::{self, Failure};
use crate::route::{match_path, not_implemented};

/// One row of the table.
pub(super) struct SdkRoute {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) session: SessionUse,
    pub(super) answer: Answer,
}

/// The effect of the browser's session token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionUse {
    /// No effect.
    Unused,
    /// The log-in adds its factor to the session, if the session is active.
    Extended,
    /// The call is about the session, or about its user.
    Required,
}

/// The answer of a route.
pub(super) enum Answer {
    /// The settings of the project.
    Bootstrap,
    /// Nothing: the emulator discards telemetry.
    Events,
    /// The answer of this route of the server API. Its parameter `{user_id}`, if it has one, is the user of the session.
    Server {
        method: &'static str,
        path: &'static str,
        fields: &'static [Field],
    },
}

/// A field that is passed on: its name in the SDK, and its name in the server API. Other fields are ignored.
pub(super) type Field = (&'static str, &'static str);

/// Finds the row of a call.
pub(super) fn find(method: &str, path: &str) -> Result<&'static SdkRoute, Failure> {
    let mut of_path = ROUTES
        .iter()
        .filter(|row| match_path(row.path, path).is_some())
        .peekable();
    if of_path.peek().is_none() {
        // The SDKs have more routes. Their description is not public, so an unknown path can be one of them.
        return Err(not_implemented(method, path));
    }
    of_path
        .find(|row| row.method == method)
        .ok_or_else(|| errors::METHOD_NOT_ALLOWED.failure())
}

macro_rules! field {
    ($name:ident) => {
        (stringify!($name), stringify!($name))
    };
    ($name:ident $known:ident) => {
        (stringify!($name), stringify!($known))
    };
}

macro_rules! routes {
    ($($method:ident $path:literal $session:ident $answer:expr;)*) => {
        &[$(SdkRoute {
            method: stringify!($method),
            path: $path,
            session: SessionUse::$session,
            answer: $answer,
        }),*]
    };
}

macro_rules! server {
    ($method:ident $path:literal [$($name:ident $(=> $known:ident)?),*]) => {
        Answer::Server {
            method: stringify!($method),
            path: $path,
            fields: &[$(field!($name $($known)?)),*],
        }
    };
}

macro_rules! send_link {
    ($path:literal) => {
        server!(POST $path [
            email, login_magic_link_url, login_expiration_minutes, login_template_id, signup_magic_link_url,
            signup_expiration_minutes, signup_template_id, locale, code_challenge
        ])
    };
}

macro_rules! send_email_code {
    ($path:literal) => {
        server!(POST $path [email, expiration_minutes, login_template_id, signup_template_id, locale])
    };
}

macro_rules! send_phone_code {
    ($path:literal) => {
        server!(POST $path [phone_number, expiration_minutes, locale])
    };
}

// `emulator/coverage.yaml` must have a row for each of these rows.
pub(super) static ROUTES: &[SdkRoute] = routes! {
    GET "/sdk/v1/projects/bootstrap/{public_token}" Unused Answer::Bootstrap;
    POST "/sdk/v1/events" Unused Answer::Events;
    POST "/sdk/v1/magic_links/email/login_or_create" Unused send_link!("/v1/magic_links/email/login_or_create");
    POST "/sdk/v1/magic_links/email/send/primary" Unused send_link!("/v1/magic_links/email/send");
    POST "/sdk/v1/magic_links/email/send/secondary" Required send_link!("/v1/magic_links/email/send");
    POST "/sdk/v1/magic_links/authenticate" Extended server!(POST "/v1/magic_links/authenticate" [token, code_verifier, session_duration_minutes]);
    POST "/sdk/v1/otps/sms/login_or_create" Unused send_phone_code!("/v1/otps/sms/login_or_create");
    POST "/sdk/v1/otps/sms/send/primary" Unused send_phone_code!("/v1/otps/sms/send");
    POST "/sdk/v1/otps/sms/send/secondary" Required send_phone_code!("/v1/otps/sms/send");
    POST "/sdk/v1/otps/whatsapp/login_or_create" Unused send_phone_code!("/v1/otps/whatsapp/login_or_create");
    POST "/sdk/v1/otps/whatsapp/send/primary" Unused send_phone_code!("/v1/otps/whatsapp/send");
    POST "/sdk/v1/otps/whatsapp/send/secondary" Required send_phone_code!("/v1/otps/whatsapp/send");
    POST "/sdk/v1/otps/email/login_or_create" Unused send_email_code!("/v1/otps/email/login_or_create");
    POST "/sdk/v1/otps/email/send/primary" Unused send_email_code!("/v1/otps/email/send");
    POST "/sdk/v1/otps/email/send/secondary" Required send_email_code!("/v1/otps/email/send");
    POST "/sdk/v1/otps/authenticate" Extended server!(POST "/v1/otps/authenticate" [token => code, method_id, session_duration_minutes]);
    POST "/sdk/v1/passwords" Extended server!(POST "/v1/passwords" [email, password, session_duration_minutes]);
    POST "/sdk/v1/passwords/authenticate" Extended server!(POST "/v1/passwords/authenticate" [email, password, session_duration_minutes]);
    POST "/sdk/v1/passwords/strength_check" Unused server!(POST "/v1/passwords/strength_check" [email, password]);
    POST "/sdk/v1/passwords/email/reset/start" Unused server!(POST "/v1/passwords/email/reset/start" [
        email, login_redirect_url, reset_password_redirect_url, reset_password_expiration_minutes,
        reset_password_template_id, locale, code_challenge
    ]);
    POST "/sdk/v1/passwords/email/reset" Extended server!(POST "/v1/passwords/email/reset" [token, password, code_verifier, session_duration_minutes]);
    POST "/sdk/v1/passwords/existing_password/reset" Extended server!(POST "/v1/passwords/existing_password/reset" [email, existing_password, new_password, session_duration_minutes]);
    POST "/sdk/v1/passwords/session/reset" Required server!(POST "/v1/passwords/session/reset" [password, session_duration_minutes]);
    POST "/sdk/v1/sessions/authenticate" Required server!(POST "/v1/sessions/authenticate" [session_duration_minutes]);
    POST "/sdk/v1/sessions/revoke" Required server!(POST "/v1/sessions/revoke" []);
    GET "/sdk/v1/users/me" Required server!(GET "/v1/users/{user_id}" []);
    PUT "/sdk/v1/users/me" Required server!(PUT "/v1/users/{user_id}" [name, untrusted_metadata]);
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::routes::ROUTES as SERVER_ROUTES;

    #[test]
    fn each_row_names_a_route_of_the_server_api() {
        for row in ROUTES {
            let Answer::Server { method, path, .. } = row.answer else {
                continue;
            };
            let mut known = SERVER_ROUTES.iter();
            assert!(
                known.any(|known| (known.method, known.path) == (method, path)),
                "{method} {path}"
            );
            assert!(!path.contains("{user_id}") || row.session == SessionUse::Required);
        }
    }

    #[test]
    fn the_coverage_table_has_exactly_these_rows() {
        let table: Value = serde_saphyr::from_str(include_str!("../../coverage.yaml")).unwrap();
        let covered = table.get("sdk_routes").and_then(Value::as_object).unwrap();
        let covered: BTreeSet<String> = covered.keys().cloned().collect();
        let rows: BTreeSet<String> = ROUTES
            .iter()
            .map(|row| format!("{} {}", row.method, row.path))
            .collect();
        assert_eq!(rows, covered, "change emulator/coverage.yaml as well");
        assert_eq!(rows.len(), ROUTES.len(), "a route has two rows");
    }
}
