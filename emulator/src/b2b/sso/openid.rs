//! The OpenID providers of the emulator (OpenID Connect Core 1.0, section 3.1): codes, ID tokens, and their validation.
//!
//! The emulator sends no requests, so the callback of a connection redeems a code here. The token endpoint of a provider
//! calls the same functions.

use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding as _, Signer as _, Verifier as _};
use serde_json::{Value, json};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::logins::Grant;
use super::oidc::Oidc;
use crate::b2b::B2b;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::identity_provider::IdentityProvider;
use crate::merge::{Object, object};

/// Redeems a code at the provider of the connection, and returns the claims of the verified ID token.
pub(super) fn redeem(
    b2b: &mut B2b,
    oidc: &Oidc,
    (code, redirect_uri): (&str, &str),
    nonce: &str,
    now: UnixSeconds,
) -> Result<Object, Failure> {
    let provider = IdentityProvider::of_url(&oidc.issuer).filter(|provider| {
        let [_, token_url, _, _] = provider.oidc_urls();
        oidc.token_url == token_url
    });
    let provider = provider.ok_or_else(|| {
        errors::OIDC_AUTH_CODE_ERROR.with_message(
            "The emulator sends no requests, so it redeems only codes of its own identity providers.",
        )
    })?;
    let client = (oidc.client_id.as_str(), redirect_uri);
    let grant =
        take_code(b2b, &provider, code, client, now).ok_or(&errors::OIDC_AUTH_CODE_ERROR)?;
    let token = id_token(&provider, &grant, now).ok_or(&errors::OIDC_AUTH_CODE_ERROR)?;
    verified(&provider, &token, (&oidc.client_id, nonce), now)
        .ok_or_else(|| errors::OIDC_INVALID_ID_TOKEN.failure())
}

/// Removes a code of this provider, and returns its content. A code of another client or redirect URL is unknown, and so is
/// an access token, which does not have a redirect URL.
pub(crate) fn take_code(
    b2b: &mut B2b,
    provider: &IdentityProvider,
    code: &str,
    (client_id, redirect_uri): (&str, &str),
    now: UnixSeconds,
) -> Option<Grant> {
    let grant = b2b.logins.grant(code, now)?.clone();
    let fits = !grant.redirect_uri.is_empty()
        && grant.provider_url == provider.url()
        && grant.client_id == client_id
        && grant.redirect_uri == redirect_uri;
    if fits {
        b2b.logins.remove_grant(code);
    }
    fits.then_some(grant)
}

/// Issues an ID token, valid for one hour. Returns `None` if the provider cannot sign.
pub(crate) fn id_token(
    provider: &IdentityProvider,
    grant: &Grant,
    now: UnixSeconds,
) -> Option<String> {
    let mut claims = object(json!({
        "iss": provider.url(),
        "aud": grant.client_id,
        "iat": now.0,
        "exp": now.plus_minutes(60).0,
        "nonce": grant.nonce,
    }));
    claims.extend(grant.claims.clone());
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": provider.kid() });
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&Value::Object(claims)));
    let material = provider.material()?;
    let signature = material.signer().try_sign(signed.as_bytes()).ok()?;
    Some(format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(signature.to_vec())
    ))
}

/// Returns the claims of an ID token of this provider for this client and request (OpenID Connect Core 1.0, section
/// 3.1.3.7), or `None` for any other token.
fn verified(
    provider: &IdentityProvider,
    token: &str,
    (client_id, nonce): (&str, &str),
    now: UnixSeconds,
) -> Option<Object> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |part: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    if decode(header)?.get("alg")? != "RS256" {
        return None;
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let signature = Signature::try_from(signature.as_slice()).ok()?;
    let material = provider.material()?;
    let verifier = VerifyingKey::<Sha256>::new(material.public().clone());
    verifier.verify(signed.as_bytes(), &signature).ok()?;
    let claims = decode(claims)?;
    let is_valid = claims.get("iss")? == provider.url()
        && claims.get("aud")? == client_id
        && claims.get("nonce")? == nonce
        && now.0 < claims.get("exp")?.as_i64()?;
    is_valid.then(|| object(claims))
}
