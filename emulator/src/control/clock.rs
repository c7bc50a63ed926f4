//! `/_emulator/clock`: the emulator's time, which a test can move, set and stop, and the time that dates tokens.
//!
//! The emulator's time is the caller's time plus an offset, or a fixed time. `POST` accepts these fields, at least one
//! of them; they apply in this order:
//!
//! | field | effect |
//! |---|---|
//! | `reset` (true) | returns to the clock at the start: the caller's time, or the clock of the seed |
//! | `set` (RFC 3339) | sets the emulator's time |
//! | `advance_seconds` | moves the emulator's time forward, or back if the number is negative |
//! | `frozen` | true: the emulator's time stops; false: it goes on from where it is |
//! | `tokens` | `emulator-time`: `iat`, `nbf` and `exp` of tokens follow the emulator's time; `real-time`: they follow the caller's |
//!
//! Both methods return `{ "now", "offset_seconds", "frozen", "tokens" }`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::arguments::Refusal;
use crate::clock::UnixSeconds;
use crate::fields::Fields;

/// How the emulator's time follows from the caller's time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Clock {
    offset_seconds: i64,
    frozen_at: Option<i64>,
    tokens: TokenTime,
}

/// The clock at the start and after a reset.
#[derive(Clone, Default)]
pub(crate) struct StartClock {
    pub(crate) now: Option<UnixSeconds>,
    pub(crate) frozen: bool,
    pub(crate) tokens: TokenTime,
}

impl StartClock {
    pub(crate) fn at(&self, real: UnixSeconds) -> Clock {
        let mut clock = Clock::default();
        if let Some(now) = self.now {
            clock.set(now, real);
        }
        clock.freeze(self.frozen, real);
        clock.date_tokens_by(self.tokens);
        clock
    }
}

/// The time that dates tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TokenTime {
    #[default]
    EmulatorTime,
    RealTime,
}

impl Clock {
    /// Returns the emulator's time for the caller's time.
    pub(crate) fn time(&self, real: UnixSeconds) -> UnixSeconds {
        match self.frozen_at {
            Some(seconds) => UnixSeconds(seconds),
            None => real.plus_seconds(self.offset_seconds),
        }
    }

    /// Returns the difference between the time that dates tokens and the emulator's time, in seconds.
    pub(crate) fn token_shift_seconds(&self, real: UnixSeconds) -> i64 {
        match self.tokens {
            TokenTime::EmulatorTime => 0,
            TokenTime::RealTime => real.0.saturating_sub(self.time(real).0),
        }
    }

    /// Sets the emulator's time. A clock that stands still stands still at the new time.
    pub(crate) fn set(&mut self, time: UnixSeconds, real: UnixSeconds) {
        self.offset_seconds = time.0.saturating_sub(real.0);
        self.frozen_at = self.frozen_at.map(|_| time.0);
    }

    pub(crate) fn freeze(&mut self, frozen: bool, real: UnixSeconds) {
        let time = self.time(real);
        self.set(time, real);
        self.frozen_at = frozen.then_some(time.0);
    }

    pub(crate) fn date_tokens_by(&mut self, tokens: TokenTime) {
        self.tokens = tokens;
    }

    pub(crate) fn as_json(&self, real: UnixSeconds) -> Value {
        let now = self.time(real);
        json!({
            "now": now,
            "offset_seconds": now.0.saturating_sub(real.0),
            "frozen": self.frozen_at.is_some(),
            "tokens": self.tokens,
        })
    }
}

/// `POST /_emulator/clock`. If a field is invalid, the clock stays unchanged.
pub(super) fn change(
    clock: &mut Clock,
    start: Clock,
    fields: &Fields,
    real: UnixSeconds,
) -> Result<Value, Refusal> {
    const NAMES: [&str; 5] = ["reset", "set", "advance_seconds", "frozen", "tokens"];
    if !NAMES.iter().any(|name| fields.has(name)) {
        return Err(format!("one of {} is required", NAMES.join(", ")));
    }
    let mut changed = clock.clone();
    if flag(fields, "reset")? == Some(true) {
        changed = start;
    }
    if let Some(text) = fields.value("set") {
        let time = text.as_str().and_then(UnixSeconds::parse_rfc3339);
        changed.set(time.ok_or("set must be a time in RFC 3339 form")?, real);
    }
    if let Some(seconds) = fields.value("advance_seconds") {
        let seconds = seconds
            .as_i64()
            .filter(|seconds| seconds.unsigned_abs() <= MAX_ADVANCE_SECONDS)
            .ok_or("advance_seconds must be a whole number from -1e11 to 1e11")?;
        changed.set(changed.time(real).plus_seconds(seconds), real);
    }
    if let Some(frozen) = flag(fields, "frozen")? {
        changed.freeze(frozen, real);
    }
    if let Some(tokens) = fields.value("tokens") {
        let tokens = TokenTime::deserialize(tokens);
        changed.date_tokens_by(tokens.map_err(|_| "tokens must be emulator-time or real-time")?);
    }
    *clock = changed;
    Ok(clock.as_json(real))
}

fn flag(fields: &Fields, name: &str) -> Result<Option<bool>, Refusal> {
    fields
        .flag(name)
        .map_err(|_| format!("{name} must be a boolean"))
}

/// About three thousand years.
const MAX_ADVANCE_SECONDS: u64 = 100_000_000_000;
