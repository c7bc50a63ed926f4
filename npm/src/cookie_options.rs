//! The options of cookies that a call has, over those of its client.

use serde::Serialize;
use stytch_edge::{
    client::{ClientError, CookieRules, SameSite},
    jwt::JsonObject,
};

use super::given::Given;

/// The rules for cookies, if a call has options of its own.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` that names the option.
pub(crate) fn rules(
    client: &CookieRules,
    own: Given<'_>,
) -> Result<Option<Box<CookieRules>>, ClientError> {
    let Some(members) = own.members("an object")? else {
        return Ok(None);
    };
    check_types(&members)?;
    let own = own.value().map(|own| own.get()).unwrap_or_default();
    let text = match own.strip_prefix('{') {
        Some("}") | None => options_of(client),
        // Of two options with one name, the later one counts.
        Some(rest) => [options_of(client).trim_end_matches('}'), ",", rest].concat(),
    };
    CookieRules::read(&text).map(Some)
}

fn check_types(options: &JsonObject<'_>) -> Result<(), ClientError> {
    for (name, value) in options.members() {
        if value.get() == "null" || value.get().starts_with(['[', '{']) {
            return Err(ClientError::invalid_argument(format!(
                "cookies.{name} must be a string, a finite number or a boolean"
            )));
        }
    }
    Ok(())
}

/// The options as a caller writes them.
#[derive(Serialize)]
struct Options<'a> {
    session_jwt: &'a str,
    session_token: &'a str,
    http_only: bool,
    secure: bool,
    same_site: &'static str,
    path: &'a str,
    domain: &'a str,
    max_age_seconds: Option<u32>,
}

fn options_of(rules: &CookieRules) -> String {
    let options = Options {
        session_jwt: &rules.session_jwt,
        session_token: &rules.session_token,
        http_only: rules.http_only,
        secure: rules.secure,
        same_site: match rules.same_site {
            SameSite::Lax => "lax",
            SameSite::Strict => "strict",
            SameSite::None => "none",
        },
        path: &rules.path,
        domain: &rules.domain,
        max_age_seconds: rules.max_age_seconds,
    };
    serde_json::to_string(&options).unwrap_or_default()
}
