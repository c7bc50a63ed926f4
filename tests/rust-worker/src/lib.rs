//! A Worker in Rust that logs users in by links from e-mails and checks their sessions
//! with `stytch-edge`, for the tests.

mod kv_store;
mod service;

use std::sync::Arc;

use stytch_edge::{
    Access, AuthenticateRequestOptions, Client, ClientConfig, Error,
    client::{ClientErrorCode, RequestHeaders},
    consumer::{
        MagicLinksAuthenticateRequest, MagicLinksEmailLoginOrCreateRequest, Session,
        SessionsAuthenticateJwtLocalRequest, SessionsAuthorizationCheck, UsersGetRequest,
    },
};
use worker::{Context, Env, Request, Response, Result, event};

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, context: Context) -> Result<Response> {
    let body = request.text().await?;
    let path = request.path();
    let client = config(&env).and_then(|config| {
        Ok(Client::new(&with_keys(
            config, &path, &body, &env, context,
        )?)?)
    });
    let client = match client {
        Ok(client) => client,
        Err(error) => return Response::error(error.to_string(), 500),
    };
    match path.as_str() {
        "/visit" => return visit(&client, &request).await,
        "/notes" => return service::for_programs(&client, &request).await,
        "/mcp" => return service::for_apps(&client, &request).await,
        _ => {}
    }
    let answer = match path.as_str() {
        "/link" => send_link(&client, body).await,
        "/login" => log_in(&client, body).await,
        "/user" => read_user(&client, body).await,
        "/keys" => client.export_keys().await,
        "/explain" => explain(&client, &request, body).await,
        "/token" => {
            let mut lines = body.lines().map(str::to_owned);
            let mut line = || lines.next().unwrap_or_default();
            let (credentials, refused) = ((line(), line()), line());
            let refused = Some(refused.as_str()).filter(|token| !token.is_empty());
            service::own_token(&client, credentials, refused).await
        }
        _ => check(&client, &request).await,
    };
    match answer {
        Ok(text) => Response::ok(text),
        Err(error) => Ok(Response::error(error.to_string(), status(&error))?),
    }
}

fn config(env: &Env) -> std::result::Result<ClientConfig, Box<dyn std::error::Error>> {
    let (project_id, secret) = (env.var("STYTCH_PROJECT_ID")?, env.secret("STYTCH_SECRET")?);
    Ok(ClientConfig {
        custom_base_url: Some(env.var("STYTCH_BASE_URL")?.to_string()),
        // The runtime ends only when a request that hangs has given up.
        timeout_ms: 3_000,
        ..ClientConfig::new(project_id.to_string(), secret.to_string())
    })
}

/// For two paths, the configuration with another source of keys.
fn with_keys(
    config: ClientConfig,
    path: &str,
    body: &str,
    env: &Env,
    context: Context,
) -> Result<ClientConfig> {
    Ok(match path {
        // An isolated client finds nothing in the state of the isolate, as in a new one.
        "/stored" => ClientConfig {
            isolated: true,
            store: Some(Arc::new(kv_store::Kv(env.kv("KEYS")?))),
            wait_until: Some(Arc::new(move |work| context.wait_until(work))),
            ..config
        },
        "/provided" => ClientConfig {
            jwks: Some(body.to_owned()),
            jwks_pinned: true,
            ..config
        },
        _ => config,
    })
}

async fn send_link(client: &Client, email: String) -> stytch_edge::Result<String> {
    let request = MagicLinksEmailLoginOrCreateRequest {
        email,
        ..Default::default()
    };
    let sent = client
        .magic_links()
        .email()
        .login_or_create(&request)
        .await?;
    Ok(sent.user_id)
}

async fn log_in(client: &Client, token: String) -> stytch_edge::Result<String> {
    let request = MagicLinksAuthenticateRequest {
        token,
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = client.magic_links().authenticate(&request).await?;
    Ok(login.session_jwt)
}

/// The answer as JSON again, as one hands it on to a page.
async fn read_user(client: &Client, user_id: String) -> stytch_edge::Result<String> {
    let user = client.users().get(&UsersGetRequest { user_id }).await?;
    Ok(serde_json::to_string(&user.emails).unwrap_or_default())
}

async fn check(client: &Client, request: &Request) -> stytch_edge::Result<String> {
    Ok(session(client, request).await?.user_id)
}

async fn session(client: &Client, request: &Request) -> stytch_edge::Result<Session> {
    let header = request.headers().get("Authorization").ok().flatten();
    let header = header.unwrap_or_default();
    let request = SessionsAuthenticateJwtLocalRequest {
        session_jwt: header.trim_start_matches("Bearer ").to_owned(),
        ..Default::default()
    };
    client.sessions().authenticate_jwt_local(&request).await
}

/// Why a user may do something with notes, or may not.
async fn explain(
    client: &Client,
    request: &Request,
    action: String,
) -> stytch_edge::Result<String> {
    let session = session(client, request).await?;
    client.load_policies().await?;
    let check = SessionsAuthorizationCheck {
        resource_id: "notes".to_owned(),
        action,
    };
    let explanation = client.rbac().explain(&session, &check)?;
    Ok(format!("{} {explanation:?}", explanation.allowed()))
}

/// As the README shows it.
async fn visit(client: &Client, request: &Request) -> Result<Response> {
    let authorization = request.headers().get("Authorization")?;
    let cookie = request.headers().get("Cookie")?;
    let headers = RequestHeaders {
        authorization: authorization.as_deref(),
        cookie: cookie.as_deref(),
    };
    let visit = client
        .authenticate_request(headers, &AuthenticateRequestOptions::default())
        .await
        .map_err(|error| error.to_string())?;
    let mut answer = match visit.access {
        Access::Authenticated(user) => Response::ok(format!("Hello {}", user.session.user_id)),
        Access::Unavailable(_) => Response::error("Try again", 503),
        _ => Response::error("Log in first", 401),
    }?;
    for line in &visit.set_cookies {
        answer.headers_mut().append("Set-Cookie", line)?;
    }
    Ok(answer)
}

/// What to answer a visitor: an outage is no verdict.
fn status(error: &Error) -> u16 {
    match error {
        Error::Api(error) => error.status_code,
        Error::Client(error) => match error.code {
            ClientErrorCode::JwtInvalid | ClientErrorCode::JwtTooOld => 401,
            ClientErrorCode::JwksUnavailable => 503,
            _ => 500,
        },
        _ => 502,
    }
}
