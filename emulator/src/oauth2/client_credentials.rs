//! The credentials of an OAuth 2.0 client (RFC 6749, section 2.3.1), in a Basic header, in the body, or in both.
//!
//! A client must use one authentication method per request. Two deviations are accepted, because Stytch's own clients
//! send them: the header and the body may contain the same credentials, and the header may contain the credentials of
//! the project instead, as in every other call of the SDK for Python. The body authenticates the client then.
//! Assumption: the API ignores the credentials of the project, also if the secret is wrong.

use percent_encoding::percent_decode_str;

use crate::call::Call;
use crate::credentials;
use crate::errors::{self, Failure};

/// A client's id and optional secret. They are not verified yet.
pub(crate) struct ClientCredentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
}

impl ClientCredentials {
    pub(crate) fn read(call: &Call) -> Result<Self, Failure> {
        let text = |name| Ok::<_, Failure>(call.fields.text(name)?.map(str::to_owned));
        let (client_id, client_secret) = (text("client_id")?, text("client_secret")?);
        let Some((id, secret)) = in_header(call)? else {
            return Ok(Self {
                client_id: client_id.ok_or(&errors::INVALID_CLIENT)?,
                client_secret,
            });
        };
        let differs = |in_body: Option<String>, in_header: &String| {
            in_body.is_some_and(|in_body| in_body != *in_header)
        };
        if differs(client_id, &id) || differs(client_secret, &secret) {
            return Err(errors::INVALID_REQUEST.with_message(
                "The client credentials in the Authorization header and in the body must be the same.",
            ));
        }
        Ok(Self {
            client_id: id,
            client_secret: Some(secret),
        })
    }
}

/// Returns the client's id and secret in the header. `None` if the header is missing or contains the credentials of
/// the project in the path.
fn in_header(call: &Call) -> Result<Option<(String, String)>, Failure> {
    let Some(header) = call.request.header("authorization") else {
        return Ok(None);
    };
    let (id, secret) = credentials::basic(header).ok_or(&errors::INVALID_CLIENT)?;
    if id == call.path_param("project_id") {
        return Ok(None);
    }
    Ok(Some((decode(&id), decode(&secret))))
}

/// Decodes an id or secret of the header. Clients form-encode both before they encode the header as Base64. In the body,
/// the encoding of the body has already been removed.
fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
