//! The options of cookies of a call, which replace those of its client.

use serde::Serialize;
use stytch_edge::client::{ClientError, CookieMode, CookieRules, SameSite};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_jwt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_only: Option<bool>,
    secure: bool,
    same_site: &'static str,
    partitioned: bool,
    path: &'a str,
    domain: &'a str,
    max_age_seconds: Option<u32>,
}

fn options_of(rules: &CookieRules) -> String {
    // A mode sets these three.
    let is_own = rules.mode.is_none();
    let options = Options {
        mode: rules.mode.map(|mode| match mode {
            CookieMode::Server => "server",
            CookieMode::BrowserSdk => "browser_sdk",
        }),
        session_jwt: is_own.then_some(&rules.session_jwt),
        session_token: is_own.then_some(&rules.session_token),
        http_only: is_own.then_some(rules.http_only),
        secure: rules.secure,
        same_site: match rules.same_site {
            SameSite::Lax => "lax",
            SameSite::Strict => "strict",
            SameSite::None => "none",
        },
        partitioned: rules.partitioned,
        path: &rules.path,
        domain: &rules.domain,
        max_age_seconds: rules.max_age_seconds,
    };
    serde_json::to_string(&options).unwrap_or_default()
}
