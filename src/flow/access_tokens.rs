//! M2M access tokens, kept until shortly before they expire.
//!
//! They belong to the isolate and not to a client object, because people build a client for every request. Does not read
//! tokens: how long one lasts, the API's response says.

use super::{
    Core, Error,
    notify::{Ending, begun},
    state::with_isolate,
};
use crate::{
    client::{ApiBody, ClientError, Recent, token_request},
    jwt::UnixSeconds,
    session::Issuer,
};

/// The credentials of an M2M client, and what its token is for.
#[derive(Clone, PartialEq)]
pub struct AccessTokenSource {
    /// The M2M client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The scopes; all that the client has if none is named.
    pub scopes: Vec<String>,
    /// How long before its end a token is renewed.
    pub refresh_ahead_seconds: f64,
    /// The number of the provider: with a network of its own, only its own callers await each other's requests.
    pub provider: u32,
}

/// Which token is to be forgotten.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ForgetToken<'a> {
    /// Whichever is kept.
    Any,
    /// This one, if it is the one that is kept: of many callers that were refused at the same time, one has it renewed.
    Exactly(&'a str),
}

/// The tokens that an isolate keeps; the least recently used one is dropped if there are too many.
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
    /// When a request for a new one began last.
    tried: UnixSeconds,
    /// The requests in flight, for callers that may await them: all callers, or those of one provider.
    pending: Vec<(Circle, Ending<Result<String, Error>>)>,
}

/// Callers that may await each other's requests: all of them, or those of the provider with this number.
type Circle = Option<u32>;

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

    /// Forgets the tokens of a client's project.
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
    /// After the clock went back, no token is valid.
    fn is_valid(&self, now: UnixSeconds) -> bool {
        (self.began..self.valid_until).contains(&now)
    }
}

/// Removes a request from those in flight, however it ends.
struct Listed<'a> {
    key: &'a Key,
    circle: Option<Circle>,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let is_other = |(of, _): &(Circle, _)| Some(*of) != self.circle;
        with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(self.key);
            kept.pending.retain(is_other);
        });
    }
}

impl AccessTokenSource {
    /// Refuses what the API could not be asked with.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`, naming the field.
    pub fn check(&self) -> Result<(), ClientError> {
        if self.client_id.is_empty() || self.client_secret.is_empty() {
            let message = "client_id and client_secret must be strings that are not empty";
            return Err(ClientError::invalid_argument(message));
        }
        if !(0.0..f64::INFINITY).contains(&self.refresh_ahead_seconds) {
            let message = "refresh_ahead_seconds must be a number of at least 0";
            return Err(ClientError::invalid_argument(message));
        }
        Ok(())
    }
}

impl Core {
    /// An access token that is valid now: the kept one, or a new one if that is about to expire.
    ///
    /// While a token is still valid, a failure to get a new one is not an error: the old one is returned, and a new
    /// one is requested after 10 seconds at the earliest.
    ///
    /// # Errors
    /// Those of the request for a token.
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

    /// Forgets a token, for when a service refuses it though it has not expired.
    pub fn forget_access_token(&self, source: &AccessTokenSource, which: ForgetToken<'_>) {
        let key = self.token_key(source);
        with_isolate(|isolate| {
            let Some(kept) = isolate.access_tokens.0.peek(|known| *known == key) else {
                return;
            };
            let is_meant = match (which, &kept.token) {
                (ForgetToken::Any, _) => true,
                (ForgetToken::Exactly(text), Some(token)) => token.text == text,
                (ForgetToken::Exactly(_), None) => false,
            };
            if is_meant {
                kept.token = None;
            }
        });
    }

    /// Whose requests a caller may await: nothing if it may await none, else those of all callers or of one provider.
    fn circle(&self, source: &AccessTokenSource) -> Option<Circle> {
        if !self.platform.may_await_others() {
            return None;
        }
        let is_common = self.platform.has_common_network();
        Some((!is_common).then_some(source.provider))
    }

    fn token_key(&self, source: &AccessTokenSource) -> Key {
        Key {
            owner: self.owner(),
            client_id: source.client_id.clone(),
            client_secret: source.client_secret.clone(),
            scopes: source.scopes.clone(),
        }
    }

    /// The token of a request in flight if this call may await that, else of a new request.
    async fn renewed(&self, source: &AccessTokenSource, key: &Key) -> Result<String, Error> {
        let circle = self.circle(source);
        loop {
            let pending = with_isolate(|isolate| {
                let pending = &isolate.access_tokens.kept(key).pending;
                let found = pending.iter().find(|(of, _)| Some(*of) == circle);
                found.map(|(_, ending)| ending.clone())
            });
            let Some(pending) = pending else { break };
            if let Some(result) = pending.result().await {
                return result;
            }
            // Its call was abandoned: one of those that awaited it makes the next request.
        }
        self.renew(source, key, circle).await
    }

    /// Requests a new token, which other callers of the circle may await.
    async fn renew(
        &self,
        source: &AccessTokenSource,
        key: &Key,
        circle: Option<Circle>,
    ) -> Result<String, Error> {
        let began = self.platform.now();
        let (ending, ender) = begun();
        with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(key);
            kept.tried = began;
            if let Some(circle) = circle {
                kept.pending.retain(|(of, _)| *of != circle);
                kept.pending.push((circle, ending));
            }
        });
        let listed = Listed { key, circle };
        let result = self.request_token(source, key, began).await;
        drop(listed);
        ender.end(result.clone());
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
        let body = self.exchange(request, self.config.timeout_ms).await?;
        let issued = ApiBody::read(&body.text);
        let text = issued
            .as_ref()
            .and_then(|issued| issued.text("access_token"));
        let text = text.filter(|text| !text.is_empty());
        let expires_in = issued
            .as_ref()
            .and_then(|issued| issued.number("expires_in"));
        let Some(text) = text else {
            return Err(body.is_not("access token"));
        };
        let life = expires_in.filter(|life| *life > 0.0).unwrap_or(0.0);
        let token = Token {
            text: text.clone(),
            began,
            // Half of its life at most, or a short one would be requested by every call.
            fresh_until: began + life - source.refresh_ahead_seconds.min(life / 2.0),
            valid_until: began + life,
        };
        let now = self.platform.now();
        with_isolate(|isolate| {
            let kept = isolate.access_tokens.kept(key);
            let held = kept.token.as_ref().filter(|held| held.is_valid(now));
            // Of two that were requested at the same time, the later one counts.
            if held.is_none_or(|held| held.began <= began) {
                kept.token = Some(token);
                kept.tried = 0.0;
            }
        });
        Ok(text)
    }
}

/// Shows no token.
impl std::fmt::Debug for ForgetToken<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Any => "Any",
            Self::Exactly(_) => "Exactly(…)",
        })
    }
}

/// Shows no secret.
impl std::fmt::Debug for AccessTokenSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "AccessTokenSource of {}", self.client_id)
    }
}

/// Meanwhile callers get the old token, so that an API that is down gets few requests.
const RETRY_AFTER_SECONDS: f64 = 10.0;

const MAX_KEPT: usize = 256;
