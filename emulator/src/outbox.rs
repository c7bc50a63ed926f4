//! The outbox: the mails that the API would have sent, newest first.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::links::Link;
use crate::product::Product;

/// A mail with one link, in the JSON form of the outbox.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub(crate) id: u64,
    pub(crate) product: Product,
    pub(crate) to: String,
    pub(crate) kind: Kind,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) sent_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) used: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Login,
    Signup,
}

impl Mail {
    pub(crate) fn new(
        product: Product,
        kind: Kind,
        link: &Link,
        url: String,
        now: UnixSeconds,
    ) -> Self {
        Self {
            id: 0,
            product,
            to: link.email_address.clone(),
            kind,
            url,
            token: link.token.clone(),
            sent_at: now,
            expires_at: link.expires_at,
            used: link.used,
        }
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outbox {
    mails: VecDeque<Mail>,
    sent: u64,
}

impl Outbox {
    /// Numbers a mail, stores it and returns its number. If the outbox exceeds `MAX_MAILS`, the oldest mail is removed.
    pub(crate) fn send(&mut self, mail: Mail) -> u64 {
        self.sent = self.sent.saturating_add(1);
        self.mails.push_front(Mail {
            id: self.sent,
            ..mail
        });
        self.mails.truncate(MAX_MAILS);
        self.sent
    }

    /// Marks the link of a mail as used. The numbers of the mails descend without a gap.
    pub(crate) fn mark_used(&mut self, mail_id: u64) {
        let newer = self.sent.checked_sub(mail_id);
        let mail = newer
            .and_then(|newer| usize::try_from(newer).ok())
            .and_then(|newer| self.mails.get_mut(newer));
        if let Some(mail) = mail {
            mail.used = true;
        }
    }

    /// Returns the mails, newest first.
    pub(crate) fn mails(&self) -> impl Iterator<Item = &Mail> {
        self.mails.iter()
    }

    pub(crate) fn as_json(&self) -> Value {
        json!({ "messages": self.mails })
    }
}

const MAX_MAILS: usize = 1000;
