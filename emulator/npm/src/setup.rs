//! The arguments of a new emulator.

use serde::Deserialize;
use serde_json::{Value, json};
use stytch_emulator::{Emulator, Fresh, Seed, Settings, UnixSeconds};

/// The arguments, as JSON from JavaScript: `Arguments` in `emulator/pkg/src/native.ts`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Arguments {
    /// The seed as an object.
    seed: Option<Value>,
    /// The seed as the text of a file, JSON or YAML.
    seed_text: Option<String>,
    /// Replaces `clock.tokens` of the seed.
    tokens: Option<String>,
    /// Replaces `allow_live` of the seed.
    allow_live: Option<bool>,
    /// Replaces the credentials in the seed.
    consumer: Chosen,
    /// Replaces the credentials in the seed.
    b2b: Chosen,
    /// Two private keys as JWKs, for a seed that needs some.
    signing_keys: Option<[Value; 2]>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Chosen {
    project_id: Option<String>,
    secret: Option<String>,
}

impl Arguments {
    /// Reads the arguments.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Returns the seed with the replacements.
    pub fn seed(&self) -> Result<Seed, String> {
        let seed = match (&self.seed, &self.seed_text) {
            (Some(seed), _) => Seed::from_value(seed.clone()),
            (None, Some(text)) => Seed::parse(text),
            (None, None) => Ok(Seed::default()),
        };
        let mut seed = seed.map_err(|error| error.to_string())?;
        if let Some(tokens) = &self.tokens {
            // A clock that is a time does not have members.
            let clock = self.seed.as_ref().and_then(|seed| seed.get("clock"));
            if let Some(Value::String(now)) = clock {
                seed.set(&["clock"], json!({ "now": now }));
            }
            seed.set(&["clock", "tokens"], json!(tokens));
        }
        if let Some(allow_live) = self.allow_live {
            seed.set(&["allow_live"], json!(allow_live));
        }
        for (project, chosen) in [("consumer", &self.consumer), ("b2b", &self.b2b)] {
            for (member, value) in [
                ("project_id", &chosen.project_id),
                ("secret", &chosen.secret),
            ] {
                if let Some(value) = value {
                    seed.set(&[project, member], json!(value));
                }
            }
        }
        Ok(seed)
    }

    /// Creates an emulator. `random` is not used if the seed has a `random_seed`. Returns a message that names the wrong
    /// member of the seed.
    pub fn emulator(self, random: [u8; 32], now: UnixSeconds) -> Result<Emulator, String> {
        let seed = self.seed()?;
        let fresh = Fresh {
            random,
            signing_keys: self.signing_keys,
        };
        Emulator::from_seed(&seed, &fresh, now).map_err(|error| error.to_string())
    }
}

/// Returns the credentials of both projects, and their public tokens, as JSON.
pub fn credentials(settings: &Settings) -> String {
    let [consumer, b2b] = [&settings.consumer, &settings.b2b]
        .map(|project| json!({ "project_id": project.project_id, "secret": project.secret }));
    let public_tokens =
        json!({ "consumer": settings.consumer.public_token(), "b2b": settings.b2b.public_token() });
    json!({ "consumer": consumer, "b2b": b2b, "public_tokens": public_tokens }).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn emulator(arguments: &Value) -> Result<Emulator, String> {
        Arguments::read(&arguments.to_string())?.emulator([0; 32], UnixSeconds(1_700_000_000))
    }

    #[test]
    fn the_arguments_replace_members_of_the_seed() {
        let id = "project-live-00000000-0000-4000-8000-000000000000";
        let emulator = emulator(&json!({
            "seed": { "random_seed": 1, "clock": "2026-01-01T00:00:00Z" },
            "tokens": "real-time", "allow_live": true, "consumer": { "project_id": id },
        }));
        let emulator = emulator.unwrap();
        assert!(
            credentials(emulator.settings())
                .starts_with(&format!(r#"{{"consumer":{{"project_id":"{id}","#))
        );
    }

    #[test]
    fn returns_a_message_that_names_the_member() {
        for (arguments, expected) in [
            (json!({ "seed": { "random_seed": [] } }), "random_seed"),
            (json!({ "seed_text": "random_seed: 1\nuser: []" }), "user"),
            (json!({ "seeds": {} }), "seeds"),
            (json!({ "seed": { "random_seed": 1, "clock": 5 } }), "clock"),
        ] {
            let message = emulator(&arguments).err().unwrap();
            assert!(message.contains(expected), "{message}");
        }
    }
}
