//! The JSON form of a [`Delivery`]: an object whose `kind` is its name in snake case. `emulator/pkg/src/message.ts` has
//! its type.

use serde_json::{Value, json};
use stytch_emulator::{Delivery, End};

/// Returns the object.
pub fn to_json(delivery: Delivery) -> Value {
    match delivery {
        Delivery::Whole => json!({ "kind": "whole" }),
        Delivery::Late(delay_ms) => json!({ "kind": "late", "delay_ms": delay_ms }),
        Delivery::Gzip => json!({ "kind": "gzip" }),
        Delivery::Hangs => json!({ "kind": "hangs" }),
        Delivery::Closes => json!({ "kind": "closes" }),
        Delivery::Resets => json!({ "kind": "resets" }),
        Delivery::BodyHangs => json!({ "kind": "body_hangs" }),
        Delivery::PartialHead { end } => json!({ "kind": "partial_head", "end": end_name(end) }),
        Delivery::PartialBody {
            bytes,
            delay_ms,
            end,
        } => {
            json!({ "kind": "partial_body", "bytes": bytes, "delay_ms": delay_ms, "end": end_name(end) })
        }
        Delivery::ShortLength { bytes } => json!({ "kind": "short_length", "bytes": bytes }),
        Delivery::SlowBody {
            chunk_bytes,
            delay_ms,
        } => json!({ "kind": "slow_body", "chunk_bytes": chunk_bytes, "delay_ms": delay_ms }),
        Delivery::EndlessBody {
            chunk_bytes,
            delay_ms,
            max_bytes,
        } => {
            json!({ "kind": "endless_body", "chunk_bytes": chunk_bytes, "delay_ms": delay_ms, "max_bytes": max_bytes })
        }
    }
}

fn end_name(end: End) -> &'static str {
    match end {
        End::Closes => "closes",
        End::Resets => "resets",
        End::Hangs => "hangs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_kind_and_all_numbers() {
        for (delivery, expected) in [
            (Delivery::Whole, r#"{"kind":"whole"}"#),
            (Delivery::Late(3), r#"{"kind":"late","delay_ms":3}"#),
            (
                Delivery::PartialBody {
                    bytes: 1,
                    delay_ms: 2,
                    end: End::Resets,
                },
                r#"{"kind":"partial_body","bytes":1,"delay_ms":2,"end":"resets"}"#,
            ),
        ] {
            assert_eq!(to_json(delivery).to_string(), expected);
        }
    }
}
