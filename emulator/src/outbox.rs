//! The outbox: the messages that the API would have sent, newest first.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::product::Product;

/// A message with a link or a code, in the JSON form of the outbox.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) product: Product,
    pub(crate) channel: Channel,
    /// The email address or phone number.
    pub(crate) to: String,
    pub(crate) kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    pub(crate) sent_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) used: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    #[default]
    Email,
    Sms,
    Whatsapp,
}

/// The purpose of a message.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Login,
    Signup,
    Invite,
    Discovery,
    ResetPassword,
    /// A one-time passcode.
    Passcode,
}

/// The content of a message.
pub(crate) enum Content {
    Link { url: String, token: String },
    Code(String),
}

impl Message {
    pub(crate) fn new(
        product: Product,
        kind: Kind,
        (channel, to): (Channel, &str),
        content: Content,
        (sent_at, expires_at): (UnixSeconds, UnixSeconds),
    ) -> Self {
        let (url, token, code) = match content {
            Content::Link { url, token } => (Some(url), Some(token), None),
            Content::Code(code) => (None, None, Some(code)),
        };
        Self {
            id: 0,
            product,
            channel,
            to: to.to_owned(),
            kind,
            url,
            token,
            code,
            sent_at,
            expires_at,
            used: false,
        }
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outbox {
    messages: VecDeque<Message>,
    sent: u64,
    /// Whether [`Outbox::admit`] limits the number of emails.
    pub(crate) is_limited: bool,
}

impl Outbox {
    /// Numbers a message, stores it and returns its number. If the outbox exceeds `MAX_MESSAGES`, the oldest message is
    /// removed.
    pub(crate) fn send(&mut self, message: Message) -> u64 {
        self.sent = self.sent.saturating_add(1);
        self.messages.push_front(Message {
            id: self.sent,
            ..message
        });
        self.messages.truncate(MAX_MESSAGES);
        self.sent
    }

    /// If the limit is switched on, returns an error if an email has been sent to this address in the current second.
    ///
    /// The interval of the limit starts at the full second, as Stytch documents.
    pub(crate) fn admit(&self, email_address: &str, now: UnixSeconds) -> Result<(), Failure> {
        let mut messages = self.messages.iter();
        let is_recent = |message: &Message| message.sent_at == now && message.to == email_address;
        if self.is_limited && messages.any(is_recent) {
            return Err(errors::TOO_MANY_REQUESTS.failure());
        }
        Ok(())
    }

    /// Marks the link or code of a message as used. The numbers of the messages descend without a gap.
    pub(crate) fn mark_used(&mut self, message_id: u64) {
        let newer = self.sent.checked_sub(message_id);
        let message = newer
            .and_then(|newer| usize::try_from(newer).ok())
            .and_then(|newer| self.messages.get_mut(newer));
        if let Some(message) = message {
            message.used = true;
        }
    }

    /// Returns the messages, newest first.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter()
    }

    pub(crate) fn as_json(&self) -> Value {
        json!({ "messages": self.messages })
    }
}

const MAX_MESSAGES: usize = 1000;
