//! The verdict of a service on the access token in a request, and the metadata of a service.

use stytch_edge::{
    client::{ClientError, Denial, bearer, cut_to_token_limit},
    flow::{ServiceCheck, ServiceVerdict},
    session::{Product, TokenKind},
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted},
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
    urls,
};

/// Checks the Connected App's token in this header (UTF-8). `options` is JSON text of [`Asked`].
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

/// Checks the M2M token in this header.
#[wasm_bindgen]
pub fn authenticate_machine_request(
    client: usize,
    host: Host,
    authorization: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    verdict(client, host, TokenKind::Machine, authorization, options)
}

/// The metadata of a service (RFC 9728). `options` is JSON text of [`Asked`].
#[wasm_bindgen]
pub fn protected_resource_metadata(client: usize, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let resource = Asked::read(options.as_deref())?.protected_resource()?;
        let metadata = resource.metadata(&config.origin, urls::origin_of)?;
        let json = serde_json::to_string(&metadata).unwrap_or_default();
        Ok(tasks::finished(Ok(Done::Json(json))))
    })
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
        let question = service_check(&options, kind, config.issuer.product)?;
        let header = authorization.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        // The rest of the header is not kept: the memory of wasm never shrinks.
        let credential = header.as_deref().and_then(bearer).map(cut_to_token_limit);
        Ok(tasks::begin(limit_of(&config), async move {
            let question = ServiceCheck {
                credential: credential.as_deref(),
                ..question
            };
            let core = core(config, host);
            let verdict = core.authenticate_service_request(&question).await?;
            Ok(Done::Json(written(verdict)))
        }))
    })
}

/// The requirements of a service for a token of this kind.
pub(crate) fn service_check(
    options: &Asked<'_>,
    kind: TokenKind,
    product: Product,
) -> Result<ServiceCheck<'static>, ClientError> {
    Ok(ServiceCheck {
        credential: None,
        kind,
        requirement: options.of_service(product)?,
        times: options.times()?,
        introspection: options.introspection()?,
        challenge: options.challenge()?,
    })
}

/// The verdict as JSON text. TypeScript makes `Headers` of its `headers`.
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
            let http_status = match denial {
                Denial::Unauthenticated(_) => 401,
                Denial::Forbidden(_) => 403,
                Denial::Unavailable(_) => 503,
            };
            let header = challenge.map(|text| ["\"WWW-Authenticate\":", &quoted(&text)].concat());
            format!(
                "{{\"status\":\"{status}\",\"http_status\":{http_status},\"reason\":\"{}\",\"headers\":{{{}}}}}",
                reason.word(),
                header.unwrap_or_default()
            )
        }
    }
}
