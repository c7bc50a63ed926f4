//! A service for M2M clients and Connected Apps, which also calls other services.

use stytch_edge::{
    AppRequestOptions, Challenge, Client, Error, ForgetToken, Introspection, M2mRequestOptions,
    ServiceRefusal, shared::TokenProviderRequest,
};
use worker::{Request, Response, Result};

/// Accepts M2M tokens with the scope `read:notes`.
pub async fn for_m2m_clients(client: &Client, request: &Request) -> Result<Response> {
    let authorization = request.headers().get("Authorization")?;
    let options = M2mRequestOptions {
        required_scopes: vec!["read:notes".to_owned()],
        challenge: Challenge {
            realm: Some("notes".to_owned()),
            ..Default::default()
        },
        ..Default::default()
    };
    let verdict = client
        .m2m()
        .authenticate_request(authorization.as_deref(), &options)
        .await
        .map_err(|error| error.to_string())?;
    match verdict {
        Ok(access) => Response::ok(access.token.client_id),
        Err(refusal) => refused(&refusal),
    }
}

/// Accepts Connected App tokens that the API reports as active.
pub async fn for_connected_apps(client: &Client, request: &Request) -> Result<Response> {
    let authorization = request.headers().get("Authorization")?;
    let options = AppRequestOptions {
        introspect: Introspection::Always,
        ..Default::default()
    };
    let verdict = client
        .idp()
        .authenticate_request(authorization.as_deref(), &options)
        .await
        .map_err(|error| error.to_string())?;
    match verdict {
        Ok(access) => Response::ok(format!(
            "{} via {}",
            access.token.subject,
            access.via.word()
        )),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &ServiceRefusal) -> Result<Response> {
    let reason = refusal.denial.parts().1.word();
    let mut response = Response::error(reason, refusal.http_status())?;
    if let Some(challenge) = &refusal.challenge {
        response.headers_mut().set("WWW-Authenticate", challenge)?;
    }
    Ok(response)
}

/// Returns an M2M access token for other services. If a service refused `refused_token`, requests a new token.
pub async fn own_token(
    client: &Client,
    (client_id, client_secret): (String, String),
    refused_token: Option<&str>,
) -> std::result::Result<String, Error> {
    let provider = client.m2m().token_provider(&TokenProviderRequest {
        client_id,
        client_secret,
        ..Default::default()
    })?;
    if let Some(token) = refused_token {
        provider.forget(ForgetToken::Exactly(token));
    }
    provider.token().await
}
