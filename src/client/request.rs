//! Builds the HTTP request for a row of the endpoint table and the arguments of a call.
//!
//! Only this module builds URLs. It does not know which methods exist or what their fields mean.

use std::fmt;

use super::{
    ClientError, Config,
    endpoint::{Authorization, Base, Endpoint, Method, Payload},
    escape,
};
use crate::jwt::pieces;

/// The first argument of a call: an object whose fields are sent in the path, the query or the body.
///
/// Unknown fields are sent unchanged, so that a new field of the API does not require a new release.
pub trait Arguments {
    /// JSON text in the form that is sent. If it is a JavaScript value, a large body is not copied into wasm.
    type Json;

    /// Returns whether the call has no first argument.
    fn is_absent(&self) -> bool;

    /// Returns the field `name`, or `None` if it is absent.
    ///
    /// # Errors
    /// [`NotText`] if the field is not a string, or has more than [`MAX_TEXT_LENGTH`] UTF-16 code units.
    fn text(&self, name: &str) -> Result<Option<String>, NotText>;

    /// Returns every field except `taken` as text; undefined fields are omitted.
    ///
    /// # Errors
    /// [`ClientError`] if a field cannot be converted to text, or has more than `longest` UTF-16 code units.
    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError>;

    /// Returns every field except `taken` as a JSON object.
    ///
    /// # Errors
    /// [`ClientError`] if the fields cannot be written as JSON.
    fn json_without(&self, taken: &[&str]) -> Result<Self::Json, ClientError>;
}

/// The session of the member whose permissions a call uses.
#[derive(Default)]
pub struct MemberSession {
    /// The member's session token.
    pub session_token: Option<String>,
    /// The member's session JWT.
    pub session_jwt: Option<String>,
}

/// A request, ready to be sent.
#[derive(Clone)]
pub struct OutgoingRequest<Json> {
    /// The method.
    pub method: Method,
    /// The dotted name of the client method, such as `users.get`.
    pub operation: &'static str,
    /// The path of the endpoint, with `{name}` instead of arguments, for metrics and logs.
    pub path_template: &'static str,
    /// Whether the request may be sent again without knowing whether the API handled it.
    pub is_safe_to_repeat: bool,
    /// The whole URL.
    pub url: String,
    /// The names and values of the headers, including the credentials.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if the request has one.
    pub body: Option<Body<Json>>,
    /// The length limit of the response's body in bytes, after decompression. Default: [`MAX_RESPONSE_BYTES`].
    pub max_response_bytes: u32,
    /// Whether the response's `Date` header is needed. Default: `false`, because a platform needs time to read it.
    pub needs_date: bool,
}

/// The body of a request.
#[derive(Clone)]
pub enum Body<Json> {
    /// `application/json`.
    Json(Json),
    /// `application/x-www-form-urlencoded`.
    Form(String),
}

/// Builds the request for one call.
///
/// # Errors
/// [`ClientError`] with `invalid_argument`, which names the argument: if an argument of the path is missing or would
/// address another resource, or if a value cannot be sent.
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
        operation: endpoint.operation,
        path_template: endpoint.path,
        is_safe_to_repeat: endpoint.is_safe_to_repeat,
        url,
        headers,
        body,
        max_response_bytes: config.max_response_bytes,
        needs_date: false,
    })
}

impl<Json> OutgoingRequest<Json> {
    /// Returns the URL without the query, for errors and logs.
    #[must_use]
    pub fn shown_url(&self) -> &str {
        self.url.split_once('?').map_or(&self.url, |(url, _)| url)
    }
}

/// Writes the method and the URL without the query; omits headers and body.
impl<Json> fmt::Debug for OutgoingRequest<Json> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.word(), self.shown_url())
    }
}

/// An argument that must be a text is not one, or is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotText;

/// Replaces the `{name}`s in a path by arguments. Returns the path and the names of these arguments.
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
                let wrong = |rule| ClientError::invalid_argument([name, rule].concat());
                let text = arguments.text(name);
                let text =
                    text.map_err(|NotText| wrong(" must be a string of at most 4096 characters"))?;
                let text = text.ok_or_else(|| wrong(" is required"))?;
                filled.push_str(&path_segment(name, &text)?);
                taken.push(name);
            }
            None => filled.push_str(segment),
        }
    }
    Ok((filled, taken))
}

/// Escapes an argument as one segment of a path.
///
/// An empty segment, `.` or `..` would address another resource: a URL parser turns `DELETE …/members/..` into
/// `DELETE …/`, and escaping does not prevent that, because the WHATWG URL standard treats `%2e` as a dot. JavaScript
/// replaces an unpaired surrogate by U+FFFD, so two different identifiers would address the same resource.
pub(super) fn path_segment(name: &str, text: &str) -> Result<String, ClientError> {
    let rule = match text {
        "" => " must not be empty",
        "." | ".." => " must not be \".\" or \"..\"",
        text if text.contains('\u{fffd}') => " must not contain unpaired surrogates or U+FFFD",
        text => return Ok(escape::segment(text)),
    };
    Err(ClientError::invalid_argument([name, rule].concat()))
}

/// Returns the `User-Agent` header.
pub(super) fn user_agent() -> (&'static str, String) {
    ("User-Agent", USER_AGENT.to_owned())
}

/// Returns the `Authorization` header with the project's credentials.
pub(super) fn authorization(config: &Config) -> (&'static str, String) {
    let credentials = [&config.issuer.project_id, ":", config.secret.reveal()].concat();
    (
        "Authorization",
        ["Basic ", &escape::base64(&credentials)].concat(),
    )
}

/// Returns the `Authorization` header with a public token.
fn public_token(config: &Config) -> Result<(&'static str, String), ClientError> {
    let token = config.secret.reveal();
    check_header_value("public_token", token)?;
    Ok(("Authorization", ["Bearer ", token].concat()))
}

/// Refuses a value that a header cannot contain. The error of a runtime would quote the value, which is a credential.
fn check_header_value(argument: &str, value: &str) -> Result<(), ClientError> {
    if value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let message = [argument, " must contain only visible ASCII characters"].concat();
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

/// The length limit of an argument in a URL, in UTF-16 code units; the message of `fill_path` repeats it. Identifiers
/// have at most 128, email addresses 320.
pub const MAX_TEXT_LENGTH: u32 = 4096;

/// The length limit of a field of a form, in UTF-16 code units. A SAML response with many groups and two certificates
/// has some tens of thousands. There is a limit because wasm memory never shrinks.
pub const MAX_FORM_TEXT_LENGTH: u32 = 1 << 20;

/// The default length limit of a response's body, in bytes after decompression: 16 MiB. There is a limit because a
/// compressed response of a few hundred kilobytes can have hundreds of megabytes.
pub const MAX_RESPONSE_BYTES: u32 = 16 << 20;

const USER_AGENT: &str = concat!("stytch-edge/", env!("CARGO_PKG_VERSION"));
