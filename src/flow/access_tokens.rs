//! M2M access tokens, cached until shortly before they expire.
//!
//! The cache belongs to the isolate and not to a client, because applications construct a client for every request.
//! Tokens are not parsed: their lifetime is the `expires_in` of the API's response (RFC 6749, section 5.1).

use super::{
    Core, Error,
    attempts::CallLimits,
    notify::{SharedResult, shared_result},
    state::with_isolate,
};
use crate::{
    client::{ApiBody, ClientError, Recent, token_request},
    jwt::UnixSeconds,
    session::Issuer,
};

/// The credentials of an M2M client, and the scopes of its token.
#[derive(Clone, PartialEq)]
pub struct AccessTokenSource {
    /// The id of the M2M client.
    pub client_id: String,
    /// The secret of the M2M client.
    pub client_secret: String,
    /// The scopes to request. If the list is empty, the API grants all scopes of the M2M client.
    pub scopes: Vec<String>,
    /// How many seconds before a token expires it is renewed; at most half of its lifetime.
    pub refresh_ahead_seconds: f64,
}

/// The cached token to delete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ForgetToken<'a> {
    /// The token that is cached, if there is one.
    Any,
    /// This token, if it is still the cached one. If a service refuses a token of several concurrent calls, the token is
    /// renewed only once.
    Exactly(&'a str),
}

/// The tokens of an isolate, at most 256. If the cache is full, the least recently used token is deleted.
pub(super) struct AccessTokens(Recent<Key, Kept>);

#[derive(Clone, PartialEq)]
struct Key {
    owner: (Issuer, u32),
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
}

#[derive(Clone, Default)]
struct Kept {
    token: Option<Token>,
    /// When the last request for a new token began.
    tried: UnixSeconds,
    /// The requests in flight, each with its network.
    pending: Vec<(Network, SharedResult<Result<String, Error>>)>,
}

/// The network of clients that may await each other's requests.
type Network = u64;

#[derive(Clone)]
struct Token {
    text: String,
    began: UnixSeconds,
    fresh_until: UnixSeconds,
    valid_until: UnixSeconds,
}

impl AccessTokens {
    pub(super) const fn new() -> Self {
        Self(Recent::new(MAX_KEPT))
    }

    /// Deletes the tokens of a client's project.
    pub(super) fn forget_all(&mut self, owner: &(Issuer, u32)) {
        for (key, kept) in self.0.iter_mut() {
            if key.owner == *owner {
                kept.token = None;
            }
        }
    }

    fn kept(&mut self, key: &Key) -> &mut Kept {
        self.0
            .get_or_insert(|known| known == key, || (key.clone(), Kept::default()))
    }
}

impl Token {
    /// If the clock was set back to a time before the token was requested, the token is not valid.
    fn is_valid(&self, now: UnixSeconds) -> bool {
        (self.began..self.valid_until).contains(&now)
    }
}

/// Removes a request from the requests in flight when it is dropped, also if the request is abandoned.
struct InFlightGuard<'a> {
    key: &'a Key,
    network: Option<Network>,
}

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        let is_other = |(of, _): &(Network, _)| Some(*of) != self.network;
        with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(self.key);
            kept.pending.retain(is_other);
        });
    }
}

impl AccessTokenSource {
    /// Checks the fields.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`. The message names the field.
    pub fn check(&self) -> Result<(), ClientError> {
        if self.client_id.is_empty() {
            return Err(ClientError::invalid_argument("client_id is required"));
        }
        if self.client_secret.is_empty() {
            return Err(ClientError::invalid_argument("client_secret is required"));
        }
        if !(0.0..f64::INFINITY).contains(&self.refresh_ahead_seconds) {
            let message = "refresh_ahead_seconds must be a finite number of at least 0";
            return Err(ClientError::invalid_argument(message));
        }
        Ok(())
    }
}

impl Core {
    /// Returns a valid access token: the cached token, or a new token if the cached token expires soon.
    ///
    /// If the request for a new token fails while the cached token is still valid, the cached token is returned, and the
    /// next request is sent after 10 seconds at the earliest.
    ///
    /// # Errors
    /// The errors of [`AccessTokenSource::check`] and of the request for a token.
    pub async fn access_token(&self, source: &AccessTokenSource) -> Result<String, Error> {
        source.check()?;
        let key = self.token_key(source);
        let now = self.platform.now();
        let (old, tried) = with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(&key);
            let old = kept.token.clone().filter(|token| token.is_valid(now));
            (old, kept.tried)
        });
        if let Some(old) = &old
            && (now < old.fresh_until || (0.0..RETRY_AFTER_SECONDS).contains(&(now - tried)))
        {
            return Ok(old.text.clone());
        }
        let renewed = self.renewed(source, &key).await;
        renewed.or_else(|error| {
            let now = self.platform.now();
            let is_kept = |old: &Token| {
                let kept = with_isolate(|isolate| isolate.access_tokens.kept(&key).token.clone());
                old.is_valid(now) && kept.is_some_and(|kept| kept.text == old.text)
            };
            old.filter(is_kept).map(|old| old.text).ok_or(error)
        })
    }

    /// Deletes a token from the cache. To be called if a service refuses a token that has not expired.
    pub fn forget_access_token(&self, source: &AccessTokenSource, which: ForgetToken<'_>) {
        let key = self.token_key(source);
        with_isolate(|isolate| {
            let Some(kept) = isolate.access_tokens.0.peek(|known| *known == key) else {
                return;
            };
            let is_match = match (which, &kept.token) {
                (ForgetToken::Any, _) => true,
                (ForgetToken::Exactly(text), Some(token)) => token.text == text,
                (ForgetToken::Exactly(_), None) => false,
            };
            if is_match {
                kept.token = None;
            }
        });
    }

    /// The network of this client. `None` if calls must not await each other.
    fn shared_network(&self) -> Option<Network> {
        self.platform
            .may_await_others()
            .then(|| self.platform.network())
    }

    fn token_key(&self, source: &AccessTokenSource) -> Key {
        Key {
            owner: self.owner(),
            client_id: source.client_id.clone(),
            client_secret: source.client_secret.clone(),
            scopes: source.scopes.clone(),
        }
    }

    /// Awaits a request in flight if this call may, else sends a new request.
    async fn renewed(&self, source: &AccessTokenSource, key: &Key) -> Result<String, Error> {
        let network = self.shared_network();
        loop {
            let pending = with_isolate(|isolate| {
                let pending = &isolate.access_tokens.kept(key).pending;
                let found = pending.iter().find(|(of, _)| Some(*of) == network);
                found.map(|(_, shared)| shared.clone())
            });
            let Some(pending) = pending else { break };
            if let Some(result) = pending.result().await {
                return result;
            }
            // The call that sent the request was abandoned. One of the calls that awaited it sends the next request.
        }
        self.renew(source, key, network).await
    }

    /// Requests a new token. Other callers with the same network may await the request.
    async fn renew(
        &self,
        source: &AccessTokenSource,
        key: &Key,
        network: Option<Network>,
    ) -> Result<String, Error> {
        let began = self.platform.now();
        let (shared, completer) = shared_result();
        with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(key);
            kept.tried = began;
            if let Some(network) = network {
                kept.pending.retain(|(of, _)| *of != network);
                kept.pending.push((network, shared));
            }
        });
        let guard = InFlightGuard { key, network };
        let result = self.request_token(source, key, began).await;
        drop(guard);
        completer.complete(result.clone());
        result
    }

    async fn request_token(
        &self,
        source: &AccessTokenSource,
        key: &Key,
        began: UnixSeconds,
    ) -> Result<String, Error> {
        let mut fields = vec![
            ("client_id".to_owned(), source.client_id.clone()),
            ("client_secret".to_owned(), source.client_secret.clone()),
            ("grant_type".to_owned(), "client_credentials".to_owned()),
        ];
        if !source.scopes.is_empty() {
            fields.push(("scope".to_owned(), source.scopes.join(" ")));
        }
        let request = token_request(&self.config, fields)?;
        let limits = CallLimits::of_method(self.config.time_limit_ms());
        let body = self.exchange(request, &limits).await?;
        let issued = ApiBody::read(&body.text);
        let text = issued
            .as_ref()
            .and_then(|issued| issued.text("access_token"));
        let text = text.filter(|text| !text.is_empty());
        let expires_in = issued
            .as_ref()
            .and_then(|issued| issued.number("expires_in"));
        let Some(text) = text else {
            return Err(body.unusable("a body without an access_token"));
        };
        let life = expires_in.filter(|life| *life > 0.0).unwrap_or(0.0);
        let token = Token {
            text: text.clone(),
            began,
            // At most half of the lifetime: otherwise every call would renew a token with a short lifetime.
            fresh_until: began + life - source.refresh_ahead_seconds.min(life / 2.0),
            valid_until: began + life,
        };
        let now = self.platform.now();
        with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(key);
            let held = kept.token.as_ref().filter(|held| held.is_valid(now));
            // If two requests were in flight at the same time, the token of the later request is kept.
            if held.is_none_or(|held| held.began <= began) {
                kept.token = Some(token);
                kept.tried = 0.0;
            }
        });
        Ok(text)
    }
}

/// Does not show the token.
impl std::fmt::Debug for ForgetToken<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Any => "Any",
            Self::Exactly(_) => "Exactly(…)",
        })
    }
}

/// Shows the `client_id` and not the secret.
impl std::fmt::Debug for AccessTokenSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "AccessTokenSource of {}", self.client_id)
    }
}

/// The interval between two failing requests for a token. In the meantime callers get the cached token, so that an API
/// with an outage receives few requests.
const RETRY_AFTER_SECONDS: f64 = 10.0;

/// The maximum number of cached tokens per isolate.
const MAX_KEPT: usize = 256;
