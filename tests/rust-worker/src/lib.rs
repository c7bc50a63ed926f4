//! A Worker in Rust that logs users in by links from e-mails and checks their sessions
//! with `stytch-edge`, for the tests.

use stytch_edge::{
    Access, AuthenticateRequestOptions, Client, ClientConfig, Error,
    client::{ClientErrorCode, RequestHeaders},
    consumer::{
        MagicLinksAuthenticateRequest, MagicLinksEmailLoginOrCreateRequest,
        SessionsAuthenticateJwtLocalRequest, UsersGetRequest,
    },
};
use worker::{Context, Env, Request, Response, Result, event};

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let client = match client(&env) {
        Ok(client) => client,
        Err(error) => return Response::error(error.to_string(), 500),
    };
    if request.path() == "/visit" {
        return visit(&client, &request).await;
    }
    let body = request.text().await?;
    let answer = match request.path().as_str() {
        "/link" => send_link(&client, body).await,
        "/login" => log_in(&client, body).await,
        "/user" => read_user(&client, body).await,
        _ => check(&client, &request).await,
    };
    match answer {
        Ok(text) => Response::ok(text),
        Err(error) => Ok(Response::error(error.to_string(), status(&error))?),
    }
}

fn client(env: &Env) -> std::result::Result<Client, Box<dyn std::error::Error>> {
    let (project_id, secret) = (env.var("STYTCH_PROJECT_ID")?, env.secret("STYTCH_SECRET")?);
    Ok(Client::new(&ClientConfig {
        custom_base_url: Some(env.var("STYTCH_BASE_URL")?.to_string()),
        // The runtime ends only when a request that hangs has given up.
        timeout_ms: 3_000,
        ..ClientConfig::new(project_id.to_string(), secret.to_string())
    })?)
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
    let header = request.headers().get("Authorization").ok().flatten();
    let header = header.unwrap_or_default();
    let request = SessionsAuthenticateJwtLocalRequest {
        session_jwt: header.trim_start_matches("Bearer ").to_owned(),
        ..Default::default()
    };
    let session = client.sessions().authenticate_jwt_local(&request).await?;
    Ok(session.user_id)
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
        Access::Authenticated(user) => {
            Response::ok(format!("Hello {}", user.session.user_id))
        }
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
