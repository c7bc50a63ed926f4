//! The credentials of an OAuth 2.0 client (RFC 6749, section 2.3.1), in a Basic header or in the body.

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
        let Some(header) = call.request.header("authorization") else {
            return Ok(Self {
                client_id: client_id.ok_or(&errors::INVALID_CLIENT)?,
                client_secret,
            });
        };
        let (id, secret) = credentials::basic(header).ok_or(&errors::INVALID_CLIENT)?;
        let (id, secret) = (decode(&id), decode(&secret));
        // The body may repeat the id. It must not contain a secret, because a client must use one authentication method
        // per request (RFC 6749, section 2.3).
        let differs = client_id.is_some_and(|in_body| in_body != id);
        if differs || client_secret.is_some() {
            return Err(
                errors::INVALID_REQUEST.with_message("The client credentials must be in the Authorization header or in the body, not in both.")
            );
        }
        Ok(Self {
            client_id: id,
            client_secret: Some(secret),
        })
    }
}

/// Decodes an id or secret of the header. Clients form-encode both before they encode the header as Base64.
fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
