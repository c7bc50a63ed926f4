//! Starts a flow: the verifier of the browser, the cookie that keeps it, and the URL to which the browser is sent.
//!
//! Stytch accepts only registered redirect URLs, and a query in them only if a placeholder is registered, so a redirect
//! cannot carry the id of a flow. Two tabs of a browser that start the same kind of flow therefore share one verifier: a
//! wrong one may use the token up, so trying several is not possible.

use std::fmt;

use super::{
    super::{ClientError, ClientErrorCode, Config, CookieRules, escape},
    FlowCookie, IncomingRequest, LogInCookies, LogInMethod, ReturnTo, StartUrl, Verifier,
};
use crate::jwt::UnixSeconds;

/// The start of a log-in.
#[derive(Clone)]
pub struct StartLogIn<'a> {
    /// The name of a [`LogInMethod`].
    pub method: &'a str,
    /// The provider of OAuth, such as `google`.
    pub provider: Option<&'a str>,
    /// Other parameters of the start URL, as Stytch names them, such as `login_redirect_url`.
    pub params: &'a [(String, String)],
    /// The page to which the user returns. Default: `/`.
    pub return_to: Option<&'a str>,
    /// The lifetime of the link of an email in minutes, if it is not the default of the API.
    pub expiration_minutes: Option<f64>,
    /// The names and attributes of the cookies. Default: the configuration's `cookies`.
    pub cookies: Option<&'a CookieRules>,
}

/// A log-in that has started.
#[derive(Clone, PartialEq, Eq)]
pub struct Started {
    /// The URL to which the browser is sent. `None` if the API sends an email.
    pub url: Option<String>,
    /// The PKCE challenge, for the request that has the API send an email.
    pub code_challenge: String,
    /// The values of `Set-Cookie` headers.
    pub set_cookies: Vec<String>,
}

/// Starts a log-in. `random` is from a secure source.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` that names the option, or with `cross_origin` if a page of another origin asks for an
/// email.
pub fn start(
    config: &Config,
    request: &IncomingRequest<'_>,
    options: &StartLogIn<'_>,
    random: [u8; 32],
    now: UnixSeconds,
) -> Result<Started, ClientError> {
    let method = LogInMethod::find(options.method, config.issuer.product)?;
    // The page of an attacker could have the browser of a user start a log-in with the email address of the attacker. The
    // link would be bound to the browser of the user, who would be logged in to the account of the attacker by it. The
    // redirect of OAuth and SSO does not leave the browser.
    if method.url.is_none() && request.is_cross_origin() {
        let message = "a page of another origin must not have an email sent";
        return Err(ClientError::new(
            ClientErrorCode::CrossOrigin,
            None,
            message,
        ));
    }
    let return_to = match options.return_to {
        Some(path) => ReturnTo::read("return_to", path)?,
        None => ReturnTo::home(),
    };
    let lifetime = lifetime_of(method, options.expiration_minutes)?;
    let cookies = LogInCookies {
        rules: options.cookies.unwrap_or(&config.cookies),
    };
    let own = cookies.flow(request, method.flow, now);
    let starts = own.as_ref().map_or(0, |flow| flow.starts);
    let of_sibling = || cookies.flow(request, method.flow.sibling()?, now);
    let known = own.or_else(of_sibling).filter(|_| starts < MAX_STARTS);
    let flow = FlowCookie {
        expires_at: known
            .as_ref()
            .map_or(0.0, |flow| flow.expires_at)
            .max(now + f64::from(lifetime)),
        starts: if known.is_some() { starts + 1 } else { 1 },
        verifier: known.map_or_else(|| Verifier::of(random), |flow| flow.verifier),
        return_to,
    };
    let code_challenge = flow.verifier.challenge();
    let url = match method.url {
        Some(url) => Some(start_url(config, url, options, &code_challenge)?),
        None => {
            refuse_parameters(options)?;
            None
        }
    };
    Ok(Started {
        url,
        code_challenge,
        set_cookies: vec![cookies.keep_flow(method.flow, &flow, now)],
    })
}

fn lifetime_of(method: &LogInMethod, minutes: Option<f64>) -> Result<u32, ClientError> {
    let Some(minutes) = minutes else {
        return Ok(method.lifetime_seconds);
    };
    let is_lifetime = minutes.fract() == 0.0 && (5.0..=10_080.0).contains(&minutes);
    if method.url.is_some() || !is_lifetime {
        return Err(ClientError::invalid_argument(
            "expiration_minutes must be a whole number from 5 to 10080, and is accepted for emails only",
        ));
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked above"
    )]
    let seconds = minutes as u32 * 60;
    Ok(seconds)
}

fn refuse_parameters(options: &StartLogIn<'_>) -> Result<(), ClientError> {
    if options.provider.is_some() || !options.params.is_empty() {
        return Err(ClientError::invalid_argument(
            "provider and params are accepted for methods with a start URL only",
        ));
    }
    Ok(())
}

fn start_url(
    config: &Config,
    url: StartUrl,
    options: &StartLogIn<'_>,
    code_challenge: &str,
) -> Result<String, ClientError> {
    let public_token = config.public_token.as_deref().ok_or_else(|| {
        ClientError::invalid_argument("\"public_token\" in config is required for this method")
    })?;
    let is_provider = |name: &&str| {
        let is_letter =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (1..=64).contains(&name.len()) && name.bytes().all(is_letter)
    };
    let (has_provider, path) = match url.path.split_once("{provider}") {
        Some((before, after)) => {
            let provider = options.provider.filter(is_provider).ok_or_else(|| {
                ClientError::invalid_argument(
                    "provider must be the name of an OAuth provider, such as \"google\"",
                )
            })?;
            (true, [before, provider, after].concat())
        }
        None => (false, url.path.to_owned()),
    };
    if !has_provider && options.provider.is_some() {
        let message = "provider is accepted for OAuth only";
        return Err(ClientError::invalid_argument(message));
    }
    let mut query = vec![
        ("public_token".to_owned(), public_token.to_owned()),
        (url.challenge.to_owned(), code_challenge.to_owned()),
    ];
    for (name, value) in options.params {
        let is_reserved = query.iter().any(|(known, _)| known == name);
        let is_reserved = is_reserved || RESERVED.contains(&name.as_str());
        if is_reserved || name.is_empty() {
            return Err(ClientError::invalid_argument(
                "params must not contain public_token, code_challenge, pkce_code_challenge and empty or repeated names",
            ));
        }
        query.push((name.clone(), value.clone()));
    }
    Ok([&config.origin, &path, "?", &escape::form(&query)].concat())
}

const RESERVED: [&str; 2] = ["code_challenge", "pkce_code_challenge"];

/// The number of starts for which a verifier is used. Then the next start makes a new one.
const MAX_STARTS: u64 = 9;

/// Omits the cookies and the URL.
impl fmt::Debug for Started {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Started(…)")
    }
}
