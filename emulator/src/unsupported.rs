//! The values of members that belong to features which the emulator does not have. Their JSON form is always the same,
//! and any other form is refused.

use serde_json::Value;

/// `[]`.
pub(crate) type NoItems = [Value; 0];
