//! From a row of the endpoint table and a call's arguments to an HTTP request.
//!
//! The one place that builds URLs. Does not know which operations exist or what their
//! fields mean.

use std::fmt;

use super::{
    ClientError, Config,
    endpoint::{Authorization, Base, Endpoint, Method, Payload},
    escape,
};
use crate::jwt::pieces;

/// The first argument of a call: an object whose fields go into the path, the
/// query or the body. Fields that nobody knows go along as they are, so that a new
/// field of the API needs no new release.
pub trait Arguments {
    /// JSON text, in whatever form the shell sends it: a large body need not be
    /// copied to where nobody reads it.
    type Json;

    /// Whether the call came without it.
    fn is_absent(&self) -> bool;

    /// The field `name` if it is a string of at most [`MAX_TEXT_LENGTH`].
    fn text(&self, name: &str) -> Option<String>;

    /// Every other field than `taken`, each as text; undefined ones are left out.
    ///
    /// # Errors
    /// [`ClientError`] if a field has no text, or one of more than `longest` UTF-16
    /// code units.
    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError>;

    /// Every other field than `taken`, as a JSON object.
    ///
    /// # Errors
    /// [`ClientError`] if JSON cannot hold them.
    fn json_without(&self, taken: &[&str]) -> Result<Self::Json, ClientError>;
}

/// The member whose rights a call is made with.
#[derive(Default)]
pub struct MemberSession {
    /// The member's session token.
    pub session_token: Option<String>,
    /// The member's session JWT.
    pub session_jwt: Option<String>,
}

/// A request, ready to be sent.
pub struct OutgoingRequest<Json> {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Names and values; among them the credentials.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<Body<Json>>,
}

/// A request's body.
pub enum Body<Json> {
    /// `application/json`.
    Json(Json),
    /// `application/x-www-form-urlencoded`.
    Form(String),
}

/// Builds the request for one call.
///
/// # Errors
/// [`ClientError`] with `invalid_argument`, naming the argument, if one that the
/// path needs is missing or would address something else, or if a value cannot be
/// sent.
pub fn build<A: Arguments>(
    endpoint: &Endpoint,
    config: &Config,
    arguments: &A,
    member_session: &MemberSession,
) -> Result<OutgoingRequest<A::Json>, ClientError> {
    let origin = match endpoint.base {
        Base::Auth | Base::SamlShield => &config.origin,
        Base::Fraud => &config.fraud_origin,
    };
    let (path, taken) = fill_path(endpoint.path, arguments)?;
    let mut url = [origin.as_str(), &path].concat();
    let mut headers = vec![user_agent()];
    let mut body = None;
    match endpoint.authorization {
        Authorization::None => {}
        Authorization::Basic => headers.push(authorization(config)),
        Authorization::Bearer => headers.push(public_token(config)?),
    }
    match endpoint.payload {
        _ if arguments.is_absent() => {}
        Payload::Query => {
            let query = escape::form(&arguments.pairs_without(&taken, MAX_TEXT_LENGTH)?);
            if !query.is_empty() {
                url.push('?');
                url.push_str(&query);
            }
        }
        Payload::Json => {
            headers.push(("Content-Type", "application/json".to_owned()));
            body = Some(Body::Json(arguments.json_without(&taken)?));
        }
        Payload::Form => {
            headers.push((
                "Content-Type",
                "application/x-www-form-urlencoded".to_owned(),
            ));
            let pairs = arguments.pairs_without(&taken, MAX_FORM_TEXT_LENGTH)?;
            body = Some(Body::Form(escape::form(&pairs)));
        }
    }
    if endpoint.member_session_headers {
        add_member_session(&mut headers, member_session)?;
    }
    Ok(OutgoingRequest {
        method: endpoint.method,
        url,
        headers,
        body,
    })
}

impl<Json> OutgoingRequest<Json> {
    /// The URL as errors and logs may show it: without the query.
    #[must_use]
    pub fn shown_url(&self) -> &str {
        self.url.split_once('?').map_or(&self.url, |(url, _)| url)
    }
}

/// Shows where the request goes, and nothing of what it carries.
impl<Json> fmt::Debug for OutgoingRequest<Json> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.word(), self.shown_url())
    }
}

/// Puts arguments into the path; gives it with the names that it took.
fn fill_path<'p>(
    path: &'p str,
    arguments: &impl Arguments,
) -> Result<(String, Vec<&'p str>), ClientError> {
    let mut filled = String::with_capacity(path.len());
    let mut taken = Vec::new();
    for segment in pieces(path, '/').skip(1) {
        filled.push('/');
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) => {
                let text = arguments.text(name).ok_or_else(|| unfit_for_a_path(name))?;
                filled.push_str(&path_segment(name, &text)?);
                taken.push(name);
            }
            None => filled.push_str(segment),
        }
    }
    Ok((filled, taken))
}

/// A text as one segment of a path.
///
/// An empty segment, `.` or `..` would address another resource: `DELETE
/// …/members/..` is `DELETE …/` once a URL parser has seen it, and no escaping
/// prevents that (WHATWG URL counts `%2e` as a dot). U+FFFD is what half a surrogate
/// pair became on the way here, so two different names would address one resource.
pub(super) fn path_segment(name: &str, text: &str) -> Result<String, ClientError> {
    match text {
        "" | "." | ".." => Err(unfit_for_a_path(name)),
        text if text.chars().any(|letter| letter == '\u{fffd}') => Err(unfit_for_a_path(name)),
        text => Ok(escape::segment(text)),
    }
}

fn unfit_for_a_path(name: &str) -> ClientError {
    let rule = " must be a string that can stand in a path: whole letters, not empty, '.' or '..', nor longer than 4096";
    ClientError::invalid_argument([name, rule].concat())
}

/// The header that says which client this is.
pub(super) fn user_agent() -> (&'static str, String) {
    ("User-Agent", USER_AGENT.to_owned())
}

/// The header with the project's credentials.
pub(super) fn authorization(config: &Config) -> (&'static str, String) {
    let credentials = [&config.issuer.project_id, ":", config.secret.reveal()].concat();
    (
        "Authorization",
        ["Basic ", &escape::base64(&credentials)].concat(),
    )
}

/// The header with a public token.
fn public_token(config: &Config) -> Result<(&'static str, String), ClientError> {
    let token = config.secret.reveal();
    check_header_value("public_token", token)?;
    Ok(("Authorization", ["Bearer ", token].concat()))
}

/// A runtime's own complaint about a header value quotes the value, which here is
/// a credential; so what no header can hold is refused before it sees it.
fn check_header_value(argument: &str, value: &str) -> Result<(), ClientError> {
    if value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let message = [argument, " must be visible ASCII text"].concat();
    Err(ClientError::invalid_argument(message))
}

fn add_member_session(
    headers: &mut Vec<(&'static str, String)>,
    session: &MemberSession,
) -> Result<(), ClientError> {
    let mut add = |header, argument, value: &Option<String>| {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            check_header_value(argument, value)?;
            headers.push((header, value.clone()));
        }
        Ok(())
    };
    let (token, jwt) = (&session.session_token, &session.session_jwt);
    add(
        "X-Stytch-Member-Session",
        "authorization.session_token",
        token,
    )?;
    add(
        "X-Stytch-Member-SessionJWT",
        "authorization.session_jwt",
        jwt,
    )
}

/// The longest argument that goes into a URL, in UTF-16 code units; `unfit_for_a_path` says
/// it too. Identifiers have at most 128, addresses 320.
pub const MAX_TEXT_LENGTH: u32 = 4096;

/// The longest field of a form, in UTF-16 code units: a SAML response with many
/// groups and two certificates has some tens of thousands. wasm memory never shrinks.
const MAX_FORM_TEXT_LENGTH: u32 = 1 << 20;

const USER_AGENT: &str = concat!("stytch-edge/", env!("CARGO_PKG_VERSION"));
