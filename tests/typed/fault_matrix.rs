//! The fault matrix: `tests/faults/matrix.json` lists faults of the API in order, and how each operation must end: the
//! result, the number of requests and the time. `tests/conformance/fault_matrix.js` reads the same file.

use std::{sync::Arc, thread};

use serde_json::{Value, json};
use stytch_edge::{
    Access, CallOptions, Client, Error,
    client::Reason,
    consumer::{
        IntrospectTokenRequest, MagicLinksAuthenticateRequest, MagicLinksEmailLoginOrCreateRequest,
        PasswordsAuthenticateRequest, SessionsAuthenticateRequest, UsersCreateRequest,
        UsersGetRequest, UsersSearchRequest,
    },
    shared::TokenRequest,
};

use crate::{
    requests::{Options, cookie},
    scripted::{Fault, Scripted},
    test_platform::{TestPlatform, run},
};

const MATRIX: &str = include_str!("../faults/matrix.json");

/// The sum of the cases and their operations. No row is lost unnoticed.
const ROWS: usize = 606;

#[test]
fn every_operation_ends_as_the_table_requires() {
    let matrix: Value = serde_json::from_str(MATRIX).unwrap();
    let mut problems = Vec::new();
    let mut rows = 0;
    for case in matrix["cases"].as_array().unwrap() {
        for (operation, its) in matrix["operations"].as_object().unwrap() {
            if !is_on(&case["on"], operation, its["safe"] == true) {
                continue;
            }
            rows += 1;
            // Retry budgets belong to the thread.
            let problem = thread::scope(|scope| {
                scope
                    .spawn(|| problem_of(&matrix, operation, case))
                    .join()
                    .unwrap()
            });
            problems
                .extend(problem.map(|problem| format!("{operation}: {}: {problem}", case["name"])));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(rows, ROWS);
}

fn is_on(on: &Value, operation: &str, is_safe: bool) -> bool {
    let group = if is_safe { "safe" } else { "unsafe" };
    match on {
        Value::Array(names) => names.iter().any(|name| name == operation),
        _ => on == "all" || on == group,
    }
}

/// How a call ended. A field is `None` if it does not apply, or if the error of the operation does not have it.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    /// The reason of a verdict.
    verdict: Option<&'static str>,
    status_code: Option<u16>,
    reason: Option<Reason>,
    attempts: Option<u32>,
    /// The error of a load or of an introspection, which does not contain the error of the request.
    is_client_error: bool,
}

/// Runs a row, and returns the difference.
fn problem_of(matrix: &Value, operation: &str, case: &Value) -> Option<String> {
    let subject = Subject::prepare(operation, number(&case["retries"]));
    let names = case["faults"].as_array().unwrap().iter();
    let platform = &subject.platform;
    platform.script(names.map(|name| fault(&matrix["faults"][name.as_str().unwrap()])));
    let (sent, began) = (platform.sent(), platform.elapsed_ms());
    let outcome = subject.call(operation, &options_of(&case["call"]));
    let (sent, took) = (platform.sent() - sent, platform.elapsed_ms() - began);

    let expected = &case["expected"];
    let mut problems = Vec::new();
    let mut check = |is_met: bool, what: &str| {
        if !is_met {
            problems.push(what.to_owned());
        }
    };
    check(case["requests"] == sent, &format!("{sent} requests"));
    let least = number(&case["at_least_ms"]).unwrap_or(0);
    let most = number(&case["at_most_ms"]).or(number(&matrix["default_at_most_ms"]));
    check(took >= least && Some(took) <= most, &format!("{took} ms"));
    // Without a time limit in the row, only Retry-After takes time.
    check(
        took <= least || case["call"]["timeout"] != Value::Null,
        &format!("{took} ms without a fault that takes time"),
    );
    if expected == "success" {
        check(outcome == Outcome::default(), "no success");
    } else if outcome.verdict.is_some() {
        check(
            expected["verdict"] == json!(outcome.verdict),
            "the reason of the verdict",
        );
    } else if !outcome.is_client_error {
        let reasons = expected["reasons"].as_array();
        let reason = outcome.reason.map(Reason::word);
        let is_expected = reasons.is_none_or(|reasons| reasons.contains(&json!(reason)));
        check(is_expected && outcome != Outcome::default(), "the reason");
        // hooks.rs has the tests of the fields of a `RequestError`.
        if let (Some(found), Some(status)) = (outcome.status_code, expected.get("status_code")) {
            check(found == *status, "the status");
        }
        check(
            outcome.status_code.is_some() || outcome.reason.is_some(),
            "no error of the API",
        );
        let attempts = outcome.attempts.map(|attempts| attempts as usize);
        check(
            attempts.is_none_or(|attempts| attempts == sent),
            "the attempts of the error",
        );
    }
    let problems = problems.join(", ");
    (!problems.is_empty()).then(|| format!("{problems}; {outcome:?}"))
}

/// A fault as the runtime reports it.
fn fault(fault: &Value) -> Fault {
    let error = json!({"error_type": "injected", "error": "injected", "error_message": "a fault"})
        .to_string();
    match fault["kind"].as_str().unwrap() {
        "none" => Fault::Pass,
        "close" | "reset" | "partial_head" | "partial_body" => {
            Fault::Failure(Reason::ConnectionReset)
        }
        "slow" => Fault::Slow(number(&fault["delay_ms"]).unwrap()),
        "redirect" => Fault::Answer(307, String::new(), None),
        "garbage" => Fault::Answer(200, "<html>".to_owned(), None),
        "status" => {
            let status = fault["status"].as_u64().unwrap() as u16;
            let text = fault["text"].as_str().map_or(error, str::to_owned);
            let after = fault["headers"]["Retry-After"].as_str();
            // A platform reads the header of 429 and 503 only. A number that is too large is the largest one.
            let after = after.filter(|after| {
                [429, 503].contains(&status) && after.bytes().all(|byte| byte.is_ascii_digit())
            });
            Fault::Answer(
                status,
                text,
                after.map(|after| after.parse().unwrap_or(u32::MAX)),
            )
        }
        other => panic!("unknown fault {other}"),
    }
}

fn options_of(call: &Value) -> CallOptions {
    CallOptions {
        timeout_ms: number(&call["timeout"]),
        retries: number(&call["retries"]),
    }
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| number.try_into().ok())
}

/// A client, and the user, the session and the tokens that the operations name.
struct Subject {
    platform: Arc<Scripted>,
    client: Client,
    user_id: String,
    session_token: String,
    session_jwt: String,
    app_token: String,
}

impl Subject {
    fn prepare(operation: &str, retries: Option<u32>) -> Self {
        let api = TestPlatform::new();
        let platform = Scripted::new(Arc::clone(&api));
        let client = platform.client(|config| {
            config.isolated = true;
            config.retries = retries.unwrap_or(config.retries);
        });
        let email = "ada@example.com".to_owned();
        let request = MagicLinksEmailLoginOrCreateRequest {
            email,
            ..Default::default()
        };
        run(client.magic_links().email().login_or_create(&request)).unwrap();
        let outbox = api.control("GET", "/_emulator/outbox.json", &Value::Null);
        let request = MagicLinksAuthenticateRequest {
            token: outbox["messages"][0]["token"].as_str().unwrap().to_owned(),
            session_duration_minutes: Some(60),
            ..Default::default()
        };
        let login = run(client.magic_links().authenticate(&request)).unwrap();
        let claims = json!({"client_id": "connected-app-test-1", "scope": "openid", "aud": [api.project_id("consumer")]});
        let request = json!({"product": "consumer", "kind": "connected_app", "claims": claims});
        let app_token = api.control("POST", "/_emulator/tokens", &request);
        if operation == "refresh of a verified JWT" {
            api.pass(400);
            run(client.load_keys()).unwrap();
        }
        Self {
            platform,
            client,
            user_id: login.user_id,
            session_token: login.session_token,
            session_jwt: login.session_jwt,
            app_token: app_token["token"].as_str().unwrap().to_owned(),
        }
    }

    fn call(&self, operation: &str, options: &CallOptions) -> Outcome {
        let client = self.client.with_options(options).unwrap();
        let email = "grace@example.com".to_owned();
        let result = match operation {
            "users.get" => {
                let user_id = self.user_id.clone();
                run(client.users().get(&UsersGetRequest { user_id })).map(drop)
            }
            "users.search" => run(client.users().search(&UsersSearchRequest::default())).map(drop),
            "sessions.authenticate" => {
                let request = SessionsAuthenticateRequest {
                    session_token: Some(self.session_token.clone()),
                    ..Default::default()
                };
                run(client.sessions().authenticate(&request)).map(drop)
            }
            "idp.introspectTokenNetwork" => {
                let request = IntrospectTokenRequest {
                    token: self.app_token.clone(),
                    client_id: "connected-app-test-1".to_owned(),
                    ..Default::default()
                };
                run(client.idp().introspect_token_network(&request, None)).map(drop)
            }
            "loadKeys" => run(client.load_keys()),
            "loadPolicies" => run(client.load_policies()),
            "refresh of a verified JWT" => {
                let cookies = format!(
                    "stytch_session={}; stytch_session_jwt={}",
                    self.session_token, self.session_jwt
                );
                return verdict(&client, &cookies);
            }
            "refresh of a session token" => {
                return verdict(&client, &format!("stytch_session={}", self.session_token));
            }
            "users.create" => {
                let request = UsersCreateRequest {
                    email: Some(email),
                    ..Default::default()
                };
                run(client.users().create(&request)).map(drop)
            }
            "passwords.authenticate" => {
                let request = PasswordsAuthenticateRequest {
                    email,
                    password: "a".to_owned(),
                    ..Default::default()
                };
                run(client.passwords().authenticate(&request)).map(drop)
            }
            "m2m.token" => {
                let request = TokenRequest {
                    client_id: "m2m-client-test-1".to_owned(),
                    client_secret: "a".to_owned(),
                    ..Default::default()
                };
                run(client.m2m().token(&request)).map(drop)
            }
            "magicLinks.email.loginOrCreate" => {
                let request = MagicLinksEmailLoginOrCreateRequest {
                    email,
                    ..Default::default()
                };
                run(client.magic_links().email().login_or_create(&request)).map(drop)
            }
            other => panic!("unknown operation {other}"),
        };
        match result {
            Ok(()) => Outcome::default(),
            Err(Error::Api(error)) => Outcome {
                status_code: Some(error.status_code),
                ..Default::default()
            },
            Err(Error::Request(error)) => Outcome {
                status_code: error.status_code,
                reason: Some(error.reason),
                attempts: Some(error.attempts),
                ..Default::default()
            },
            Err(Error::Client(_)) => Outcome {
                is_client_error: true,
                ..Default::default()
            },
            Err(other) => panic!("{other}"),
        }
    }
}

fn verdict(client: &Client, cookies: &str) -> Outcome {
    let verdict = run(client.authenticate_request(cookie(cookies), &Options::default())).unwrap();
    let reason = match verdict.access {
        Access::Authenticated(_) => return Outcome::default(),
        Access::Unauthenticated(reason)
        | Access::Forbidden(reason)
        | Access::Unavailable(reason) => reason,
    };
    Outcome {
        verdict: Some(reason.word()),
        ..Default::default()
    }
}
