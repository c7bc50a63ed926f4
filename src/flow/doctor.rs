//! Checks a client: its credentials, key set, clock, project and cookies, with two requests.
//!
//! A failed request is a finding and not an error. No result is stored in isolate state. Decisions that do not need a
//! request are in `client::findings`.

use std::pin::Pin;

use super::{
    Core, Error,
    attempts::CallLimits,
    combine::all,
    exchange::{Body, read_body},
};
use crate::{
    client::{
        ApiBody, ClientError, ClockReading, Config, Finding, FindingCode, LOAD_TIMEOUT_MS,
        OutgoingRequest, ProjectFacts, Reason, RequestError, Severity, ShownRequest, clock_finding,
        cookie_finding, decimal, displayed, is_outage, key_set_request, project_finding,
        whoami_request,
    },
    jwt::JwkSet,
};

impl Core {
    /// Checks the credentials, the key set, the clock, the project and the cookies of this client. Returns one finding for
    /// each check. Its severity is `Ok` if the check finds no problem. Sends two requests, and never fails.
    pub async fn doctor(&self) -> Vec<Finding> {
        let config = &self.config;
        let timeout_ms = config.time_limit_ms();
        let requests = [
            (whoami_request(config), timeout_ms),
            (key_set_request(config), timeout_ms.min(LOAD_TIMEOUT_MS)),
        ];
        let probes = requests.map(|(request, timeout_ms)| {
            Box::pin(self.probe(request, timeout_ms)) as Pin<Box<dyn Future<Output = Probe>>>
        });
        let mut probes = all(Vec::from(probes)).await.into_iter();
        let (Some(whoami), Some(keys)) = (probes.next(), probes.next()) else {
            return Vec::new();
        };
        let project_id = whoami.result.as_ref().ok().and_then(project_id_in);
        let facts = ProjectFacts {
            project_id: project_id.as_deref(),
            key_set_error: match &keys.result {
                Err(Error::Api(refusal)) => Some(&refusal.error_type),
                _ => None,
            },
        };
        vec![
            credentials(config, &whoami.result, project_id.as_deref()),
            key_set(config, &keys.result),
            clock_finding(whoami.clock),
            project_finding(config, facts),
            cookie_finding(&config.cookies),
        ]
    }

    async fn probe(
        &self,
        request: Result<OutgoingRequest<String>, ClientError>,
        timeout_ms: u32,
    ) -> Probe {
        let sent_at = self.platform.now();
        let limits = CallLimits::of_method(timeout_ms);
        let sent = match request {
            Ok(request) => match self.send(&request, &limits).await {
                Ok((answer, attempts)) => Ok((ShownRequest::of(&request).after(attempts), answer)),
                Err(error) => Err(Error::from(error)),
            },
            Err(error) => Err(Error::from(error)),
        };
        Probe {
            clock: ClockReading {
                sent_at,
                received_at: self.platform.now(),
                is_answered: sent.is_ok(),
                date: sent.as_ref().ok().and_then(|(_, answer)| answer.date),
            },
            result: sent.and_then(|(request, answer)| read_body(request, answer)),
        }
    }
}

/// The result of one request.
struct Probe {
    clock: ClockReading,
    result: Result<Body, Error>,
}

fn project_id_in(body: &Body) -> Option<String> {
    ApiBody::read(&body.text)?.text("project_id")
}

fn credentials(config: &Config, result: &Result<Body, Error>, project_id: Option<&str>) -> Finding {
    let code = FindingCode::Credentials;
    match (result, project_id) {
        (Ok(_), Some(id)) => {
            let message = ["The API accepts the credentials of ", displayed(id), "."].concat();
            Finding::ok(code, &message)
        }
        (Ok(_), None) => Finding::error(
            code,
            "The response to the credentials does not name a project, so it is not a response of the API.",
            advice_for(Reason::ApiUnavailable),
        ),
        (Err(Error::Api(refusal)), _) if !is_outage(refusal.status) => {
            let what = match refusal.error_type.as_str() {
                "invalid_project_id_authentication" => "the project id is malformed",
                "invalid_secret_authentication" => "the secret is malformed",
                _ if refusal.status == 401 => "the secret is wrong, or the project does not exist",
                _ => "the request is not accepted",
            };
            let message = [
                "The API refuses the credentials: ",
                what,
                " (",
                &shown(refusal),
                ").",
            ]
            .concat();
            Finding::error(code, &message, copy_advice(config))
        }
        (Err(error), _) => failed(
            code,
            Severity::Error,
            "The credentials were not checked",
            error,
        ),
    }
}

/// What to do about credentials that the API refuses.
fn copy_advice(config: &Config) -> &'static str {
    let (project_id, secret) = (&config.issuer.project_id, &config.secret);
    let is_mixed = project_id.starts_with("project-test-") && secret.starts_with("secret-live-")
        || project_id.starts_with("project-live-") && secret.starts_with("secret-test-");
    if is_mixed {
        "One of project id and secret is of the test environment, and the other one of the live environment. Copy both from the same environment of the Stytch dashboard."
    } else {
        "Copy the project id and a secret of this project from the Stytch dashboard."
    }
}

fn key_set(config: &Config, result: &Result<Body, Error>) -> Finding {
    let code = FindingCode::KeySet;
    let pinned = config.provided_keys.as_ref();
    let pinned = pinned.filter(|provided| provided.is_pinned);
    let body = match result {
        Ok(body) => body,
        Err(error) => {
            // Pinned keys do not need the key set.
            let severity = if pinned.is_some() {
                Severity::Warning
            } else {
                Severity::Error
            };
            return failed(code, severity, "The key set cannot be loaded", error);
        }
    };
    let Ok(keys) = JwkSet::parse(&body.text) else {
        return Finding::error(
            code,
            "The response to the request for the key set is not a key set.",
            "Check `jwks_url`, or else `custom_base_url`.",
        );
    };
    let number = keys.usable_kids().count();
    let count = &*decimal(number as u64);
    if number == 0 {
        return Finding::error(
            code,
            "The key set has no usable key: an RSA key for RS256 of 2048 bits or more.",
            "Check `jwks_url`, or else `custom_base_url`.",
        );
    }
    let Some(pinned) = pinned else {
        return Finding::ok(
            code,
            &["The key set has ", count, " usable ", noun(number), "."].concat(),
        );
    };
    let Ok(pinned) = JwkSet::parse(&pinned.text) else {
        return Finding::error(
            code,
            "`jwks` in the configuration is not a JWK set (RFC 7517).",
            "Set `jwks` to the key set that `sessions.getJWKS` returns.",
        );
    };
    let missing = keys.usable_kids().filter(|kid| pinned.find(*kid).is_err());
    let missing: Vec<&str> = missing
        .map(|kid| displayed(kid.unwrap_or_default()))
        .collect();
    if missing.is_empty() {
        let message = [
            "The pinned keys contain the ",
            count,
            " ",
            noun(number),
            " of the API.",
        ]
        .concat();
        return Finding::ok(code, &message);
    }
    let message = [
        "The pinned keys lack ",
        &decimal(missing.len() as u64),
        " of the ",
        count,
        " ",
        noun(number),
        " of the API: ",
        &missing.join(", "),
        ". Tokens of these keys are refused.",
    ]
    .concat();
    Finding::warning(
        code,
        &message,
        "Set `jwks` to the key set that `sessions.getJWKS` returns.",
    )
}

fn noun(count: usize) -> &'static str {
    if count == 1 { "key" } else { "keys" }
}

/// The finding for a request without a usable response.
fn failed(code: FindingCode, severity: Severity, what: &str, error: &Error) -> Finding {
    match error {
        Error::Api(refusal) => {
            let message = [what, ": the API responded with ", &shown(refusal), "."].concat();
            match refusal.status {
                429 => Finding::warning(code, &message, advice_for(Reason::RateLimited)),
                status if is_outage(status) => {
                    Finding::new(code, severity, &message, "Try again later.")
                }
                _ => Finding::new(code, severity, &message, REFUSED),
            }
        }
        Error::Request(error) => {
            let RequestError {
                message, reason, ..
            } = &**error;
            let message = [what, " (", reason.word(), "): ", message.as_str(), "."].concat();
            let severity = match reason {
                Reason::RateLimited => Severity::Warning,
                _ => severity,
            };
            Finding::new(code, severity, &message, advice_for(*reason))
        }
        Error::Client(error) | Error::Caused(error, _) => {
            let message = [what, ": ", &error.message, "."].concat();
            Finding::new(code, severity, &message, "Change this option.")
        }
    }
}

fn shown(refusal: &super::ApiRefusal) -> String {
    [
        &decimal(refusal.status.into()),
        " ",
        displayed(&refusal.error_type),
    ]
    .concat()
}

/// What to do if a request has no usable response for this reason.
fn advice_for(reason: Reason) -> &'static str {
    match reason {
        Reason::Dns => {
            "Check the host name in `custom_base_url`, and the DNS settings of this host."
        }
        Reason::ConnectionRefused | Reason::ConnectionReset => {
            "Check the address in `custom_base_url`, and the firewalls and proxies between this host and the API."
        }
        Reason::Tls => {
            "Check the certificate of the host, and the clock and the certificate authorities of this host."
        }
        Reason::Timeout => {
            "Check the network between this host and the API, or set a longer `timeout`."
        }
        Reason::RateLimited => "Wait a minute, and try again.",
        Reason::ApiUnavailable => "Check that `custom_base_url` is the address of the API.",
        _ => "Check the network, and the `fetch` of the configuration if there is one.",
    }
}

const REFUSED: &str =
    "Check `project_id`, and whether the client is the one for the project's product.";
