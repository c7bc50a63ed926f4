//! The verdict on a request whose token may be of several kinds.

use stytch_edge::{
    client::{ClientError, ClientErrorCode},
    flow::{KindsCheck, KindsVerdict},
    session::TokenKind,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted, session_name},
    given,
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    requests::{SessionOptions, credentials_in, report_other_mode, written},
    services::service_check,
    tasks::{self, Done, Returned},
};

/// The verdict on a request with these two headers (UTF-8). `options` is JSON text of [`Asked`]: `accepts`, with the options
/// of each kind.
#[wasm_bindgen]
pub fn authenticate_kinds(
    client: usize,
    host: Host,
    authorization: Option<Vec<u8>>,
    cookie: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let accepts = options.option("accepts");
        let members = accepts.members("an object")?;
        let accepts = members.ok_or_else(|| accepts.must_be("an object"))?;
        let product = config.issuer.product;
        let session = Asked::of(given::field(ACCEPTS, &accepts, "session"))?;
        let session = session.map(|its| SessionOptions::read(&its, &config));
        let session = session
            .transpose()
            .map_err(|error| within("session", error))?;
        let machine = Asked::of(given::field(ACCEPTS, &accepts, "m2m"))?;
        let machine = machine.map(|its| service_check(&its, TokenKind::Machine, product));
        let machine = machine.transpose().map_err(|error| within("m2m", error))?;
        let app = Asked::of(given::field(ACCEPTS, &accepts, "connected_app"))?;
        let app = app.map(|its| service_check(&its, TokenKind::ConnectedApp, product));
        let app = app
            .transpose()
            .map_err(|error| within("connected_app", error))?;
        let rules = session.as_ref().map(|session| session.rules(&config));
        report_other_mode(&config, &host, cookie.as_deref(), rules);
        let credentials = credentials_in(authorization, cookie, rules.unwrap_or(&config.cookies));
        Ok(tasks::begin(limit_of(&config), async move {
            let credentials = credentials.as_texts();
            let question = KindsCheck {
                credentials,
                session: session
                    .as_ref()
                    .map(|session| session.question(credentials)),
                machine,
                connected_app: app,
            };
            let name = session_name(product);
            let verdict = core(config, host).authenticate_kinds(&question).await?;
            Ok(Done::Json(text_of(&verdict, name)))
        }))
    })
}

/// The error of an option of a kind.
fn within(kind: &str, error: ClientError) -> ClientError {
    let message = ["in accepts.", kind, ": ", &error.message].concat();
    match error.code {
        ClientErrorCode::InvalidArgument => ClientError::invalid_argument(message),
        _ => error,
    }
}

/// The verdict as JSON text. TypeScript makes `Headers` of its `headers`.
fn text_of(verdict: &KindsVerdict, session_name: &str) -> String {
    match verdict {
        KindsVerdict::Session { decided, challenge } => {
            let text = written(decided, session_name, challenge.as_deref());
            if decided.verdict.status() == "authenticated" {
                text.replacen('{', "{\"kind\":\"session\",", 1)
            } else {
                text
            }
        }
        KindsVerdict::AccessToken {
            kind,
            via,
            token,
            access_token,
        } => {
            let kind = match kind {
                TokenKind::ConnectedApp => "connected_app",
                TokenKind::Machine | TokenKind::Session => "m2m",
            };
            let (via, access_token) = (via.word(), quoted(access_token));
            [
                "{\"kind\":\"",
                kind,
                "\",\"status\":\"authenticated\",\"token\":",
                token,
                ",\"access_token\":",
                &access_token,
                ",\"via\":\"",
                via,
                "\",\"headers\":[]}",
            ]
            .concat()
        }
    }
}

const ACCEPTS: &str = "accepts.";
