//! Tokens whose signatures were found good, so that seeing one again costs a
//! comparison in place of an exponentiation.
//!
//! An entry stands for a whole token, which is compared whole. What it saves is the
//! signature and the reading of claims; time, age and permissions are judged anew at
//! every sight. It belongs to one key set and goes with it. Nothing is kept of tokens
//! that were refused.

use std::fmt;
use std::sync::Arc;

use crate::session::{Judged, TokenKind};

/// How much may be kept for one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheLimits {
    /// How many tokens; 0 keeps none.
    pub max_entries: usize,
    /// How many bytes, of the tokens and of what was read from them; 0 keeps none.
    pub max_bytes: usize,
}

/// Tokens verified by one key set, the least recently seen dropped when there are too
/// many.
///
/// Two generations stand in for an order of use: whatever is seen moves to the recent
/// one, and when that would hold more than half of what is allowed, it becomes the
/// older one, whose place it takes.
#[derive(Default)]
pub struct VerifiedTokens {
    recent: Generation,
    older: Generation,
}

#[derive(Default)]
struct Generation {
    /// Sorted by the end of the token, which is the end of its signature: nobody can make
    /// two good ones alike. Where two meet all the same, the later one stays. A map of
    /// the library's would be 3 KB of the package.
    tokens: Vec<(u64, Box<Verified>)>,
    bytes: usize,
}

/// A token that its key verified.
#[derive(Clone)]
pub struct Verified {
    token: String,
    kind: TokenKind,
    /// The `kid` of its header.
    pub kid: Option<String>,
    /// What it says.
    pub judged: Arc<Judged>,
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
    /// What one of two generations may hold.
    fn half(self) -> Self {
        Self {
            // One alone fits in one generation, and then there is no other.
            max_entries: self.max_entries / 2 + usize::from(self.max_entries == 1),
            max_bytes: self.max_bytes / 2,
        }
    }
}

impl Verified {
    /// What is worth keeping of a token that passed every rule of its kind.
    #[must_use]
    pub fn new(
        token: &str,
        kind: TokenKind,
        kid: Option<String>,
        judged: Arc<Judged>,
    ) -> Box<Self> {
        Box::new(Self {
            token: token.to_owned(),
            kind,
            kid,
            judged,
        })
    }

    fn is(&self, token: &str, kind: TokenKind) -> bool {
        self.kind == kind && is_same(&self.token, token)
    }

    fn bytes(&self) -> usize {
        let kid = self.kid.as_ref().map_or(0, String::len);
        self.token.len() + self.judged.bytes() + kid + BYTES_BESIDE_TEXTS
    }
}

impl VerifiedTokens {
    /// A cache of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            recent: Generation::new(),
            older: Generation::new(),
        }
    }

    /// What is known of this very token, as one of this kind; nothing for a caller whose
    /// limits keep none.
    #[must_use]
    pub fn find(&mut self, token: &str, kind: TokenKind, limits: CacheLimits) -> Option<&Verified> {
        if limits.max_entries == 0 || limits.max_bytes == 0 {
            return None;
        }
        let slot = slot_of(token);
        if let Some(verified) = self.older.take(slot, token, kind) {
            self.make_room(verified.bytes(), limits.half());
            self.recent.put(slot, verified);
        }
        self.recent.get(slot, token, kind)
    }

    /// Keeps a token, within the limits.
    pub fn store(&mut self, verified: Box<Verified>, limits: CacheLimits) {
        let (half, bytes) = (limits.half(), verified.bytes());
        if half.max_entries == 0 || bytes > half.max_bytes {
            return;
        }
        self.make_room(bytes, half);
        if limits.max_entries == 1 {
            self.older = Generation::new();
        }
        self.recent.put(slot_of(&verified.token), verified);
    }

    /// Sees to it that the recent generation may take one more of that many bytes. What
    /// is only seen again needs room as well: otherwise a few new tokens at a time, with
    /// all that are known between them, would make it grow without end.
    fn make_room(&mut self, bytes: usize, half: CacheLimits) {
        let recent = &self.recent;
        if recent.tokens.len() >= half.max_entries || recent.bytes + bytes > half.max_bytes {
            self.older = std::mem::take(&mut self.recent);
        }
    }

    /// Forgets every token: their key set is no longer the one that judges.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// How many tokens are kept.
    #[must_use]
    pub fn count(&self) -> usize {
        self.recent.tokens.len() + self.older.tokens.len()
    }

    /// How many bytes are kept.
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

    fn place_of(&self, slot: u64) -> Result<usize, usize> {
        self.tokens.binary_search_by_key(&slot, |(slot, _)| *slot)
    }

    fn get(&self, slot: u64, token: &str, kind: TokenKind) -> Option<&Verified> {
        let (_, verified) = self.tokens.get(self.place_of(slot).ok()?)?;
        verified.is(token, kind).then_some(verified)
    }

    fn put(&mut self, slot: u64, verified: Box<Verified>) {
        self.bytes += verified.bytes();
        match self.place_of(slot) {
            Err(place) => self.tokens.insert(place, (slot, verified)),
            Ok(place) => {
                if let Some((_, other)) = self.tokens.get_mut(place) {
                    self.bytes -= other.bytes();
                    *other = verified;
                }
            }
        }
    }

    fn take(&mut self, slot: u64, token: &str, kind: TokenKind) -> Option<Box<Verified>> {
        self.get(slot, token, kind)?;
        let (_, verified) = self.tokens.remove(self.place_of(slot).ok()?);
        self.bytes -= verified.bytes();
        Some(verified)
    }
}

/// Whether two texts are the same: all of them, eight bytes at a time, because the
/// library's way takes a microsecond for a token in wasm.
fn is_same(one: &str, other: &str) -> bool {
    let (ones, rest) = one.as_bytes().as_chunks::<8>();
    let (others, other_rest) = other.as_bytes().as_chunks::<8>();
    let words = |chunk: &[u8; 8]| u64::from_le_bytes(*chunk);
    one.len() == other.len()
        && ones.iter().map(words).eq(others.iter().map(words))
        && rest == other_rest
}

/// The last eight bytes of a token.
fn slot_of(token: &str) -> u64 {
    let end = token.bytes().rev().take(8);
    end.fold(0, |slot, byte| (slot << 8) | u64::from(byte))
}

/// Shows how many tokens there are.
impl fmt::Debug for VerifiedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifiedTokens ({})", self.count())
    }
}

/// Shows no token.
impl fmt::Debug for Verified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Verified(…)")
    }
}

/// About what an entry takes beside its texts: the subject's roles, the map's node.
const BYTES_BESIDE_TEXTS: usize = 256;

#[cfg(test)]
mod tests;
