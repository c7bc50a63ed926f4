//! The cache of verified tokens: if a token is presented again, a comparison replaces the RSA operation.
//!
//! An entry contains the whole token, and the whole token is compared. The cache saves the verification of the
//! signature and the parsing of claims; time, age and permissions are checked again every time. The cache belongs to
//! one key set and is cleared with it. It does not store refused tokens; `forged` does.

use std::fmt;
use std::sync::Arc;

use crate::session::{TokenKind, ValidToken};

/// The limits for the verified tokens of one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheLimits {
    /// The maximum number of tokens; 0 disables the cache. Default: 1,000.
    pub max_entries: usize,
    /// The maximum size of the tokens and their parsed content, in bytes; 0 disables the cache. Default: 2 MiB.
    pub max_bytes: usize,
}

/// The tokens verified by one key set. If there are too many, the least recently used ones are dropped.
///
/// Two generations approximate the order of use. A token that is used moves to the recent generation. If the recent
/// generation would exceed half of the limits, it replaces the older generation, and a new one starts.
#[derive(Default)]
pub struct VerifiedTokens {
    recent: Generation,
    older: Generation,
}

#[derive(Default)]
struct Generation {
    /// Sorted by the suffix of the token, the end of its signature: an attacker cannot make two valid signatures with
    /// the same suffix. If two tokens have the same suffix, the later one replaces the earlier one. A map of the
    /// standard library would add 3 KB to the npm package.
    tokens: Vec<(u64, Arc<Verified>)>,
    bytes: usize,
}

/// A verified token.
#[derive(Clone, PartialEq)]
pub struct Verified {
    token: Arc<str>,
    kind: TokenKind,
    /// The `kid` of the token's header.
    pub kid: Option<String>,
    /// The content of the token.
    pub valid: ValidToken,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self {
            max_entries: 1_000,
            max_bytes: 2 << 20,
        }
    }
}

impl CacheLimits {
    /// Returns whether no token is stored.
    pub(super) fn is_disabled(self) -> bool {
        self.max_entries == 0 || self.max_bytes == 0
    }

    /// Returns the limits of one generation.
    fn half(self) -> Self {
        Self {
            // With a limit of 1, only the recent generation is used.
            max_entries: self.max_entries / 2 + usize::from(self.max_entries == 1),
            max_bytes: self.max_bytes / 2,
        }
    }
}

impl Verified {
    /// Creates the entry for a token that satisfies every rule of its kind.
    #[must_use]
    pub fn new(token: &str, kind: TokenKind, kid: Option<String>, valid: ValidToken) -> Arc<Self> {
        Arc::new(Self {
            token: token.into(),
            kind,
            kid,
            valid,
        })
    }

    /// Returns the whole token, for a check of the same token.
    #[must_use]
    pub fn token(&self) -> &Arc<str> {
        &self.token
    }

    fn is(&self, token: &str, kind: TokenKind) -> bool {
        self.kind == kind && is_same(&self.token, token)
    }

    fn bytes(&self) -> usize {
        let kid = self.kid.as_ref().map_or(0, String::len);
        self.token.len() + self.valid.bytes() + kid + ENTRY_OVERHEAD_BYTES
    }
}

impl VerifiedTokens {
    /// Creates an empty cache.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            recent: Generation::new(),
            older: Generation::new(),
        }
    }

    /// Returns the entry for this token of this kind, if there is one. If one of the limits is 0, returns `None`.
    #[must_use]
    pub fn find(
        &mut self,
        token: &str,
        kind: TokenKind,
        limits: CacheLimits,
    ) -> Option<&Arc<Verified>> {
        if limits.is_disabled() {
            return None;
        }
        let suffix = suffix_of(token);
        if let Some(verified) = self.older.remove(suffix, token, kind) {
            self.rotate_if_full(verified.bytes(), limits.half());
            self.recent.insert(suffix, verified);
        }
        self.recent.get(suffix, token, kind)
    }

    /// Stores a token, within the limits.
    pub fn store(&mut self, verified: Arc<Verified>, limits: CacheLimits) {
        let (half, bytes) = (limits.half(), verified.bytes());
        if half.max_entries == 0 || bytes > half.max_bytes {
            return;
        }
        self.rotate_if_full(bytes, half);
        if limits.max_entries == 1 {
            self.older = Generation::new();
        }
        self.recent.insert(suffix_of(&verified.token), verified);
    }

    /// Starts a new recent generation, if the current one has no space for another entry of `bytes` bytes.
    ///
    /// It is also called for entries that move from the older generation. Otherwise the recent generation could grow
    /// without a limit if all known tokens are used again between a few new ones.
    fn rotate_if_full(&mut self, bytes: usize, half: CacheLimits) {
        let recent = &self.recent;
        if recent.tokens.len() >= half.max_entries || recent.bytes + bytes > half.max_bytes {
            self.older = std::mem::take(&mut self.recent);
        }
    }

    /// Removes every token. The cache of a key set is cleared when another key set replaces it.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Returns the number of tokens.
    #[must_use]
    pub fn count(&self) -> usize {
        self.recent.tokens.len() + self.older.tokens.len()
    }

    /// Returns the size of the entries in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.recent.bytes + self.older.bytes
    }
}

impl Generation {
    const fn new() -> Self {
        Self {
            tokens: Vec::new(),
            bytes: 0,
        }
    }

    fn index_of(&self, suffix: u64) -> Result<usize, usize> {
        self.tokens
            .binary_search_by_key(&suffix, |(suffix, _)| *suffix)
    }

    fn get(&self, suffix: u64, token: &str, kind: TokenKind) -> Option<&Arc<Verified>> {
        let (_, verified) = self.tokens.get(self.index_of(suffix).ok()?)?;
        verified.is(token, kind).then_some(verified)
    }

    fn insert(&mut self, suffix: u64, verified: Arc<Verified>) {
        self.bytes += verified.bytes();
        match self.index_of(suffix) {
            Err(index) => self.tokens.insert(index, (suffix, verified)),
            Ok(index) => {
                if let Some((_, other)) = self.tokens.get_mut(index) {
                    self.bytes -= other.bytes();
                    *other = verified;
                }
            }
        }
    }

    fn remove(&mut self, suffix: u64, token: &str, kind: TokenKind) -> Option<Arc<Verified>> {
        self.get(suffix, token, kind)?;
        let (_, verified) = self.tokens.remove(self.index_of(suffix).ok()?);
        self.bytes -= verified.bytes();
        Some(verified)
    }
}

/// Returns whether two texts are equal. It compares eight bytes at a time, because the standard library's comparison
/// takes a microsecond for a token in wasm.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (ones, rest) = one.as_bytes().as_chunks::<8>();
    let (others, other_rest) = other.as_bytes().as_chunks::<8>();
    let words = |chunk: &[u8; 8]| u64::from_le_bytes(*chunk);
    one.len() == other.len()
        && ones.iter().map(words).eq(others.iter().map(words))
        && rest == other_rest
}

/// Returns the last eight bytes of a token as a number.
pub(super) fn suffix_of(token: &str) -> u64 {
    let end = token.bytes().rev().take(8);
    end.fold(0, |suffix, byte| (suffix << 8) | u64::from(byte))
}

/// Writes the number of tokens.
impl fmt::Debug for VerifiedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifiedTokens ({})", self.count())
    }
}

/// Omits the token.
impl fmt::Debug for Verified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Verified(…)")
    }
}

/// The approximate size of an entry in addition to its texts, such as the subject's roles.
const ENTRY_OVERHEAD_BYTES: usize = 256;

#[cfg(test)]
mod tests;
