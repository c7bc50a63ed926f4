//! Magic links of users and members. A link belongs to one email address, expires, and works once.
//!
//! A used link stays in the list, so that a second use (401) has a different error than an unknown link (404).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::sha2::{Digest as _, Sha256};
use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::outbox::{Channel, Content, Kind, Message, Outbox};
use crate::product::Product;
use crate::redirects;
use crate::sessions::Attributes;
use crate::shapes;
use crate::store::{Record, Store};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    pub(crate) token: String,
    /// The id of the user or member that the link logs in.
    pub(crate) subject: String,
    pub(crate) email_id: String,
    pub(crate) email_address: String,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) code_challenge: Option<String>,
    pub(crate) attributes: Attributes,
    pub(crate) used: bool,
    /// The number of its message in the outbox.
    pub(crate) message_id: u64,
}

/// The data that a caller sends to use a link.
pub(crate) struct Attempt<'a> {
    pub(crate) token: &'a str,
    pub(crate) code_verifier: Option<&'a str>,
    pub(crate) attributes: Attributes,
    pub(crate) ip_match: bool,
    pub(crate) user_agent_match: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Links(Store<Link>);

/// The index of the links.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Subject,
}

impl Record for Link {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.token
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Subject, self.subject.clone())]
    }
}

impl Links {
    pub(crate) fn put(&mut self, link: Link) {
        self.0.put(link);
    }

    /// Returns a magic link if this attempt may use it. Does not mark the link as used.
    pub(crate) fn usable(&self, attempt: &Attempt, now: UnixSeconds) -> Result<&Link, Failure> {
        let refusals = (
            &errors::MAGIC_LINK_NOT_FOUND,
            &errors::UNABLE_TO_AUTH_MAGIC_LINK,
        );
        self.usable_or(attempt, refusals, now)
    }

    /// Returns the link of a password reset if this attempt may use it. Does not mark the link as used.
    pub(crate) fn usable_reset(
        &self,
        attempt: &Attempt,
        now: UnixSeconds,
    ) -> Result<&Link, Failure> {
        let refusal = &errors::UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN;
        self.usable_or(attempt, (refusal, refusal), now)
    }

    fn usable_or(
        &self,
        attempt: &Attempt,
        (unknown, ended): (&'static ErrorRow, &'static ErrorRow),
        now: UnixSeconds,
    ) -> Result<&Link, Failure> {
        if !shapes::is_token(attempt.token) {
            return Err(errors::INVALID_TOKEN.failure());
        }
        let link = self.0.get(attempt.token);
        let link = link.ok_or(unknown)?;
        if link.used || link.expires_at <= now {
            return Err(ended.failure());
        }
        let (asked, now_given) = (&link.attributes, &attempt.attributes);
        if !asked.matches(now_given, attempt.ip_match, attempt.user_agent_match) {
            return Err(errors::ATTRIBUTE_MISMATCH.failure());
        }
        verify_code_verifier(link.code_challenge.as_deref(), attempt.code_verifier)?;
        Ok(link)
    }

    /// Sends a link by email, and stores it. `params` precede the token in the query of the redirect URL.
    pub(crate) fn send(
        &mut self,
        outbox: &mut Outbox,
        (product, kind): (Product, Kind),
        (redirect_url, params): (&str, &[(&str, &str)]),
        mut link: Link,
        now: UnixSeconds,
    ) {
        let token = ("token", link.token.as_str());
        let params: Vec<_> = params.iter().copied().chain([token]).collect();
        let url = redirects::link(redirect_url, &params);
        link.message_id = outbox.send(message(product, kind, &link, url, now));
        self.0.put(link);
    }

    pub(crate) fn use_up(&mut self, link: Link) {
        self.0.put(Link { used: true, ..link });
    }

    /// Removes the links of a deleted user.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.0.remove_all(By::Subject, subject, |_| true);
    }

    /// Removes the links to an email address that a user does not have any more.
    pub(crate) fn forget_email(&mut self, subject: &str, email_id: &str) {
        let is_obsolete = |link: &Link| link.email_id == email_id;
        self.0.remove_all(By::Subject, subject, is_obsolete);
    }
}

/// Returns the message that contains a link.
fn message(product: Product, kind: Kind, link: &Link, url: String, now: UnixSeconds) -> Message {
    let token = link.token.clone();
    let content = Content::Link { url, token };
    let to = (Channel::Email, link.email_address.as_str());
    Message::new(product, kind, to, content, (now, link.expires_at))
}

/// Reads a code challenge: 43 base64url characters that encode 32 bytes.
pub(crate) fn code_challenge(fields: &Fields, name: &str) -> Result<Option<String>, Failure> {
    let Some(challenge) = fields.text(name)? else {
        return Ok(None);
    };
    match URL_SAFE_NO_PAD.decode(challenge) {
        Ok(bytes) if bytes.len() == 32 => Ok(Some(challenge.to_owned())),
        _ => Err(errors::INVALID_CODE_CHALLENGE.failure()),
    }
}

/// Reads `<kind>_expiration_minutes`, from five minutes to one week.
pub(crate) fn expiration_minutes(
    fields: &Fields,
    name: &str,
    default: i64,
) -> Result<i64, Failure> {
    let minutes = fields.whole_number(name)?.unwrap_or(default);
    if (5..=10_080).contains(&minutes) {
        Ok(minutes)
    } else {
        Err(errors::INVALID_EXPIRATION.failure())
    }
}

/// Validates `locale`. The emulator's mails do not depend on it.
pub(crate) fn validate_locale(fields: &Fields) -> Result<(), Failure> {
    match fields.text("locale")? {
        None | Some("en" | "es" | "pt-br" | "fr") => Ok(()),
        Some(_) => Err(errors::INVALID_LOCALE.failure()),
    }
}

/// Verifies a PKCE code verifier (RFC 7636, section 4.6). S256 is the only supported method.
pub(crate) fn verify_code_verifier(
    challenge: Option<&str>,
    verifier: Option<&str>,
) -> Result<(), Failure> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(errors::PKCE_EXPECTED_VERIFIER.failure()),
        (None, Some(_)) => Err(errors::PKCE_UNEXPECTED_VERIFIER.failure()),
        (Some(challenge), Some(verifier)) => {
            let matches = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge;
            if matches {
                Ok(())
            } else {
                Err(errors::PKCE_MISMATCH.failure())
            }
        }
    }
}
