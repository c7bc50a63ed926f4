//! The options of cookies of a call, which replace those of its client.

use serde::Serialize;
use stytch_edge::client::{ClientError, CookieRules, SameSite};

use super::given::Given;

/// The rules for cookies, if a call has options of its own. An option that is null counts as absent.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` that names the option.
pub(crate) fn rules(
    client: &CookieRules,
    own: Given<'_>,
) -> Result<Option<Box<CookieRules>>, ClientError> {
    let Some(own) = own.value() else {
        return Ok(None);
    };
    let text = match own.get().strip_prefix('{') {
        Some("}") => options_of(client),
        // Of two options with one name, the later one counts.
        Some(rest) => [options_of(client).trim_end_matches('}'), ",", rest].concat(),
        // This is refused, because it is not an object.
        None => own.get().to_owned(),
    };
    CookieRules::read(&text).map(Some)
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
