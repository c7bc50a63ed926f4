//! The cache of forged tokens: if a token with a bad signature is presented again, a comparison replaces the RSA operation.
//!
//! An entry contains the whole token, and the whole token is compared. The cache stores only the refusal `bad_signature` under
//! a `kid` of the key set: that outcome depends on the token and the key alone. The cache belongs to one key set and is
//! cleared with it. It is separate from the verified tokens, so that forged tokens do not replace them.

use std::fmt;

use super::verified::{is_same, suffix_of};

/// The tokens whose signatures one key set refused. If there are too many, the least recently used one is dropped.
#[derive(Default)]
pub struct ForgedTokens {
    /// The tokens with their suffixes and `kid`s; the most recently used token is last.
    tokens: Vec<Forged>,
    bytes: usize,
}

struct Forged {
    suffix: u64,
    token: Box<str>,
    kid: Box<str>,
}

impl ForgedTokens {
    /// Creates an empty cache.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            tokens: Vec::new(),
            bytes: 0,
        }
    }

    /// Returns the `kid` of this token, if it is in the cache.
    #[must_use]
    pub fn find(&mut self, token: &str) -> Option<&str> {
        let suffix = suffix_of(token);
        let is_it = |known: &Forged| known.suffix == suffix && is_same(&known.token, token);
        let index = self.tokens.iter().rposition(is_it)?;
        let known = self.tokens.remove(index);
        Some(&self.tokens.push_mut(known).kid)
    }

    /// Stores a token, unless it is longer than 4 KiB.
    pub fn store(&mut self, token: &str, kid: &str) {
        let forged = Forged {
            suffix: suffix_of(token),
            token: token.into(),
            kid: kid.into(),
        };
        if forged.bytes() > MAX_TOKEN_BYTES {
            return;
        }
        self.bytes += forged.bytes();
        self.tokens.push(forged);
        while self.tokens.len() > MAX_TOKENS || self.bytes > MAX_BYTES {
            self.bytes -= self.tokens.remove(0).bytes();
        }
    }

    /// Removes every token. The cache of a key set is cleared when another key set replaces it.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Returns the number of tokens.
    #[must_use]
    pub fn count(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the size of the entries in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Forged {
    fn bytes(&self) -> usize {
        self.token.len() + self.kid.len() + size_of::<Self>()
    }
}

/// Writes the number of tokens.
impl fmt::Debug for ForgedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ForgedTokens ({})", self.count())
    }
}

const MAX_TOKENS: usize = 64;
const MAX_BYTES: usize = 64 << 10;
/// A longer token is verified each time.
const MAX_TOKEN_BYTES: usize = 4 << 10;

#[cfg(test)]
mod tests;
