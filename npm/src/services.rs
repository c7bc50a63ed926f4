//! What a service decides about the access token in a request.

use serde::Serialize;
use stytch_edge::{
    client::{Denial, bearer, cut_to_token_limit},
    flow::{ServiceCheck, ServiceVerdict},
    session::TokenKind,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted},
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Decides about the Connected App's token in this header (UTF-8). `options` is JSON text of [`Asked`].
#[wasm_bindgen]
pub fn authenticate_app_request(
    client: usize,
    host: Host,
    authorization: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    verdict(
        client,
        host,
        TokenKind::ConnectedApp,
        authorization,
        options,
    )
}

/// Decides about the M2M token in this header.
#[wasm_bindgen]
pub fn authenticate_machine_request(
    client: usize,
    host: Host,
    authorization: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    verdict(client, host, TokenKind::Machine, authorization, options)
}

fn verdict(
    client: usize,
    host: Host,
    kind: TokenKind,
    authorization: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let requirement = options.of_service(config.issuer.product)?;
        let (times, challenge) = (options.times()?, options.challenge()?);
        let introspection = options.introspection()?;
        let header = authorization.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        // The rest of the header is not kept: the memory of wasm never shrinks.
        let credential = header.as_deref().and_then(bearer).map(cut_to_token_limit);
        Ok(tasks::begin(limit_of(&config), async move {
            let question = ServiceCheck {
                credential: credential.as_deref(),
                kind,
                requirement,
                times,
                introspection,
                challenge,
            };
            let core = core(config, host);
            let verdict = core.authenticate_service_request(&question).await?;
            Ok(Done::Json(written(verdict)))
        }))
    })
}

/// A verdict other than `authenticated`.
#[derive(Serialize)]
struct Refused {
    status: &'static str,
    http_status: u16,
    reason: &'static str,
    headers: Headers,
}

#[derive(Serialize)]
struct Headers {
    #[serde(rename = "WWW-Authenticate", skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
}

/// The verdict as JSON text, of which TypeScript makes `Headers` of `headers`.
fn written(verdict: ServiceVerdict) -> String {
    match verdict {
        ServiceVerdict::Granted {
            via,
            token,
            access_token,
        } => {
            let (via, access_token) = (via.word(), quoted(&access_token));
            format!(
                "{{\"status\":\"authenticated\",\"token\":{token},\"access_token\":{access_token},\"via\":\"{via}\",\"headers\":{{}}}}"
            )
        }
        ServiceVerdict::Refused { denial, challenge } => {
            let (status, reason) = denial.parts();
            let refused = Refused {
                status,
                http_status: match denial {
                    Denial::Unauthenticated(_) => 401,
                    Denial::Forbidden(_) => 403,
                    Denial::Unavailable(_) => 503,
                },
                reason: reason.word(),
                headers: Headers { challenge },
            };
            serde_json::to_string(&refused).unwrap_or_default()
        }
    }
}
