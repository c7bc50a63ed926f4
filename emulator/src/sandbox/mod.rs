//! The sandbox values of the Test environment: values for which the API returns a fixed response.
//!
//! One table lists them: a call to the route of a row whose fields have the values of the row receives the response of
//! the row. The state does not change: the sandbox user and the sandbox member are not stored, and nothing is sent. A
//! project of the Live environment does not have sandbox values. The values and the responses to them are documented,
//! or were observed in the tests of Stytch's clients.
//!
//! Assumptions: of the other fields of a call, only those about the session are validated; the id and the name of the
//! member, the name and the slug of the organization; the intermediate session token of discovery; and a session of a log-in started at the same time as the session
//! of the sandbox session token, and has the same token.

mod members;
mod sessions;
mod totps;
mod users;

use serde_json::json;

use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::project::Project;

/// Returns the response if the call contains a sandbox value.
pub(crate) fn answer(project: &Project, call: &Call) -> Option<Result<Reply, Failure>> {
    if !project.id.starts_with("project-test-") {
        return None;
    }
    let given = |name: &str| call.fields.text(name).ok().flatten();
    let row = ROWS.iter().find(|row| {
        row.path == call.request.path
            && call.request.method == "POST"
            && row
                .fields
                .iter()
                .all(|(name, value)| given(name) == Some(*value))
    });
    row.map(|row| (row.answer)(project, call))
}

/// A sandbox value of one route. All routes are called with POST.
struct Row {
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    answer: fn(&Project, &Call) -> Result<Reply, Failure>,
}

static ROWS: &[Row] = &[
    Row {
        path: "/v1/magic_links/email/login_or_create",
        fields: &[("email", EMAIL)],
        answer: |_, _| Ok(users::sent_or_created("email_id")),
    },
    Row {
        path: "/v1/magic_links/authenticate",
        fields: &[("token", LINK)],
        answer: users::log_in,
    },
    Row {
        path: "/v1/magic_links/authenticate",
        fields: &[("token", USED_LINK)],
        answer: |_, _| Err(used_link()),
    },
    Row {
        path: "/v1/magic_links/authenticate",
        fields: &[("token", UNKNOWN_LINK)],
        answer: |_, _| Err(unknown_link()),
    },
    Row {
        path: "/v1/magic_links/email/send",
        fields: &[("email", EMAIL)],
        answer: |_, _| Ok(users::sent("email_id")),
    },
    Row {
        path: "/v1/magic_links/email/invite",
        fields: &[("email", EMAIL)],
        answer: |_, _| Ok(users::sent("email_id")),
    },
    Row {
        path: "/v1/magic_links/email/revoke_invite",
        fields: &[("email", EMAIL)],
        answer: |_, _| Ok(users::invite_revoked()),
    },
    Row {
        path: "/v1/otps/sms/send",
        fields: &[("phone_number", users::PHONE_NUMBER)],
        answer: |_, _| Ok(users::sent("phone_id")),
    },
    Row {
        path: "/v1/otps/sms/login_or_create",
        fields: &[("phone_number", users::PHONE_NUMBER)],
        answer: |_, _| Ok(users::sent_or_created("phone_id")),
    },
    Row {
        path: "/v1/otps/whatsapp/send",
        fields: &[("phone_number", users::PHONE_NUMBER)],
        answer: |_, _| Ok(users::sent("phone_id")),
    },
    Row {
        path: "/v1/otps/whatsapp/login_or_create",
        fields: &[("phone_number", users::PHONE_NUMBER)],
        answer: |_, _| Ok(users::sent_or_created("phone_id")),
    },
    Row {
        path: "/v1/otps/email/send",
        fields: &[("email", EMAIL)],
        answer: |_, _| Ok(users::sent("email_id")),
    },
    Row {
        path: "/v1/otps/email/login_or_create",
        fields: &[("email", EMAIL)],
        answer: |_, _| Ok(users::sent_or_created("email_id")),
    },
    Row {
        path: "/v1/otps/authenticate",
        fields: &[("method_id", EMAIL_ID), ("code", CODE)],
        answer: users::log_in_by_email_code,
    },
    Row {
        path: "/v1/otps/authenticate",
        fields: &[("method_id", users::PHONE_ID), ("code", CODE)],
        answer: users::log_in_by_phone_code,
    },
    Row {
        path: "/v1/passwords",
        fields: &[("email", EMAIL)],
        answer: users::create_with_password,
    },
    Row {
        path: "/v1/passwords/authenticate",
        fields: &[("email", EMAIL)],
        answer: users::log_in_by_password,
    },
    Row {
        path: "/v1/crypto_wallets/authenticate/start",
        fields: &[
            ("crypto_wallet_type", "ethereum"),
            ("crypto_wallet_address", users::WALLET_ADDRESS),
        ],
        answer: |_, _| Ok(users::wallet_challenge()),
    },
    Row {
        path: "/v1/crypto_wallets/authenticate",
        fields: &[
            ("crypto_wallet_type", "ethereum"),
            ("crypto_wallet_address", users::WALLET_ADDRESS),
            ("signature", users::WALLET_SIGNATURE),
        ],
        answer: users::log_in_by_wallet,
    },
    Row {
        path: "/v1/totps",
        fields: &[("user_id", users::USER_ID)],
        answer: |_, _| Ok(totps::created()),
    },
    Row {
        path: "/v1/totps/authenticate",
        fields: &[("user_id", users::USER_ID), ("totp_code", totps::CODE)],
        answer: totps::log_in,
    },
    Row {
        path: "/v1/totps/recovery_codes",
        fields: &[("user_id", users::USER_ID)],
        answer: |_, _| Ok(totps::recovery_codes()),
    },
    Row {
        path: "/v1/totps/recover",
        fields: &[
            ("user_id", users::USER_ID),
            ("recovery_code", totps::RECOVERY_CODE),
        ],
        answer: totps::recover,
    },
    Row {
        path: "/v1/sessions/authenticate",
        fields: &[("session_token", SESSION_TOKEN)],
        answer: users::authenticate_session,
    },
    Row {
        path: "/v1/sessions/authenticate",
        fields: &[("session_token", UNKNOWN_SESSION_TOKEN)],
        answer: |_, _| Err(errors::SESSION_NOT_FOUND.failure()),
    },
    Row {
        path: "/v1/b2b/magic_links/email/login_or_signup",
        fields: &[
            ("email_address", EMAIL),
            ("organization_id", members::ORGANIZATION_ID),
        ],
        answer: |_, _| Ok(members::link_sent()),
    },
    Row {
        path: "/v1/b2b/magic_links/authenticate",
        fields: &[("magic_links_token", LINK)],
        answer: members::log_in,
    },
    Row {
        path: "/v1/b2b/magic_links/authenticate",
        fields: &[("magic_links_token", USED_LINK)],
        answer: |_, _| Err(used_link()),
    },
    Row {
        path: "/v1/b2b/magic_links/authenticate",
        fields: &[("magic_links_token", UNKNOWN_LINK)],
        answer: |_, _| Err(unknown_link()),
    },
    Row {
        path: "/v1/b2b/magic_links/email/invite",
        fields: &[
            ("email_address", EMAIL),
            ("organization_id", members::ORGANIZATION_ID),
        ],
        answer: |_, _| Ok(members::invited()),
    },
    Row {
        path: "/v1/b2b/magic_links/email/discovery/send",
        fields: &[("email_address", EMAIL)],
        answer: |_, _| Ok(Reply::ok(json!({}))),
    },
    Row {
        path: "/v1/b2b/magic_links/discovery/authenticate",
        fields: &[("discovery_magic_links_token", LINK)],
        answer: |_, _| Ok(members::discover()),
    },
    Row {
        path: "/v1/b2b/magic_links/discovery/authenticate",
        fields: &[("discovery_magic_links_token", USED_LINK)],
        answer: |_, _| Err(used_link()),
    },
    Row {
        path: "/v1/b2b/magic_links/discovery/authenticate",
        fields: &[("discovery_magic_links_token", UNKNOWN_LINK)],
        answer: |_, _| Err(unknown_link()),
    },
    Row {
        path: "/v1/oauth/authenticate",
        fields: &[("token", OAUTH_TOKEN)],
        answer: users::log_in_with_oauth,
    },
    Row {
        path: "/v1/oauth/authenticate",
        fields: &[("token", UNKNOWN_OAUTH_TOKEN)],
        answer: |_, _| Err(errors::OAUTH_TOKEN_NOT_FOUND.failure()),
    },
];

/// The messages of these two errors are the API's own.
fn used_link() -> Failure {
    errors::UNABLE_TO_AUTH_MAGIC_LINK.with_message("The magic link could not be authenticated because it was either already used or expired. Send another magic link to this user.")
}

fn unknown_link() -> Failure {
    errors::MAGIC_LINK_NOT_FOUND.with_message(
        "The magic link could not be authenticated, try sending another magic link to the user.",
    )
}

const EMAIL: &str = "sandbox@stytch.com";
const EMAIL_ID: &str = "email-test-23873e89-d4ed-4e92-b3b9-e5c7198fa286";
const CODE: &str = "000000";
const LINK: &str = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";
const USED_LINK: &str = "3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=";
const UNKNOWN_LINK: &str = "CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=";
const OAUTH_TOKEN: &str = "hdPVZHHX0UoRa7hJTuuPHi1vlddffSnoweRbVFf5-H8g";
const UNKNOWN_OAUTH_TOKEN: &str = UNKNOWN_SESSION_TOKEN;
const SESSION_TOKEN: &str = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";
const UNKNOWN_SESSION_TOKEN: &str = "59cnLELtq5cFVS6uYK9f-pAWzBkhqZl8AvLhbhOvKNWw";
