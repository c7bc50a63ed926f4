//! A Worker in Rust for the tests. It logs users in with magic links and checks their sessions with `stytch-edge`.

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
        "/notes" => return service::for_m2m_clients(&client, &request).await,
        "/mcp" => return service::for_connected_apps(&client, &request).await,
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
        // The runtime stops only after all requests have ended. This limit ends requests without a response early.
        timeout_ms: 3_000,
        ..ClientConfig::new(project_id.to_string(), secret.to_string())
    })
}

/// Changes the source of keys for two paths.
fn with_keys(
    config: ClientConfig,
    path: &str,
    body: &str,
    env: &Env,
    context: Context,
) -> Result<ClientConfig> {
    Ok(match path {
        // An isolated client does not use isolate state, so it stands for a client in a new isolate.
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

/// Serializes a part of a response as JSON for a page.
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

/// Explains whether a user may perform an action on notes.
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

/// The example of docs/guide/rust-workers.md.
async fn visit(client: &Client, request: &Request) -> Result<Response> {
    let (authorization, cookie) = (
        request.headers().get("Authorization")?,
        request.headers().get("Cookie")?,
    );
    let headers = RequestHeaders {
        authorization: authorization.as_deref(),
        cookie: cookie.as_deref(),
    };
    let verdict = client
        .authenticate_request(headers, &AuthenticateRequestOptions::default())
        .await
        .map_err(|error| error.to_string())?;
    let mut response = match verdict.access {
        Access::Authenticated(user) => Response::ok(format!("Hello {}", user.session.user_id)),
        Access::Unavailable(_) => Response::error("Try again", 503),
        _ => Response::error("Log in first", 401),
    }?;
    for line in &verdict.set_cookies {
        response.headers_mut().append("Set-Cookie", line)?;
    }
    Ok(response)
}

/// The HTTP status for an error. If the keys are unavailable, the status is 503 and not 401.
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
