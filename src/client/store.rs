//! The names and the format of the entries for keys and policies in a store that isolates share.
//!
//! This module does not read or write stores, and does not parse the stored texts. An attacker who can write to the
//! store can make any token valid; this module does not protect against that. Entries are checked because stores are
//! shared, outlive versions of this library, and may lose or damage data.

use super::decimal::{decimal, read_decimal};
use crate::{
    jwt::UnixSeconds,
    session::{Issuer, Product},
};

/// The project and the kind of an entry. The entry contains both; an entry with another label is ignored.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// The project.
    pub issuer: &'a Issuer,
    /// The kind of data.
    pub kind: Kind<'a>,
}

/// The kind of data in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// The project's key set, from the API or from this URL.
    Keys(Option<&'a str>),
    /// The policy of the project, or of the organization with this identifier.
    Policy(Option<&'a str>),
}

/// The content of an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stored<'a> {
    /// The body of the API's response, unchanged.
    pub text: &'a str,
    /// When the response was requested; never later than now.
    pub fetched_at: UnixSeconds,
}

impl Label<'_> {
    /// Returns the name of the entry: at most 64 ASCII characters, which every store accepts.
    ///
    /// If two labels had the same name, their entries would only overwrite each other, because an entry contains its
    /// label.
    #[must_use]
    pub fn name(&self) -> String {
        let (word, _) = self.kind.parts();
        ["stytch-edge/", word, "/", &digest(&self.head())].concat()
    }

    /// Returns the entry for a response that was requested at `fetched_at`.
    #[must_use]
    pub fn entry(&self, text: &str, fetched_at: UnixSeconds) -> String {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of milliseconds, which saturates"
        )]
        let milliseconds = (fetched_at * 1000.0) as u64;
        [&self.head(), &*decimal(milliseconds), "\n", text].concat()
    }

    /// Parses an entry. Returns `None` if it has another label or version, is damaged, is from the future, or is
    /// `max_age` seconds old or older.
    #[must_use]
    pub fn read<'t>(
        &self,
        entry: &'t str,
        now: UnixSeconds,
        max_age: UnixSeconds,
    ) -> Option<Stored<'t>> {
        if entry.len() > MAX_ENTRY_BYTES {
            return None;
        }
        // The same code writes the head, so it must be equal byte by byte.
        let rest = entry.strip_prefix(&*self.head())?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (milliseconds, text) = rest.split_at_checked(digits)?;
        let text = text.strip_prefix('\n')?;
        #[allow(
            clippy::cast_precision_loss,
            reason = "times before the year 280000 are exact"
        )]
        let fetched_at = read_decimal(milliseconds)? as f64 / 1000.0;
        let age = now - fetched_at;
        (-CLOCK_TOLERANCE..max_age).contains(&age).then(|| Stored {
            text,
            fetched_at: fetched_at.min(now),
        })
    }

    /// Returns the lines of the entry before the time. Only identifiers could contain a line feed, and only the holder
    /// of the secret chooses them.
    fn head(&self) -> String {
        let product = match self.issuer.product {
            Product::Consumer => "consumer",
            Product::B2b => "b2b",
        };
        let (word, detail) = self.kind.parts();
        let (project, base) = (&self.issuer.project_id, &self.issuer.base_url);
        let detail = detail.unwrap_or_default();
        let mut head = String::new();
        for line in [VERSION, word, product, project, base, detail] {
            head += line;
            head.push('\n');
        }
        head
    }
}

impl<'a> Kind<'a> {
    fn parts(self) -> (&'static str, Option<&'a str>) {
        match self {
            Self::Keys(url) => ("keys", url),
            Self::Policy(organization_id) => ("policy", organization_id),
        }
    }
}

/// Returns the FNV-1a hash of a text, in decimal digits.
fn digest(text: &str) -> String {
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    decimal(text.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
}

/// The length limit of an entry in bytes: 256 KiB. A longer entry is ignored before it is copied into wasm, whose
/// memory never shrinks.
pub const MAX_ENTRY_BYTES: usize = 1 << 18;

/// The accepted difference between the clocks of two isolates, in seconds.
const CLOCK_TOLERANCE: UnixSeconds = 60.0;

/// The first line of an entry. If the format changes, the number changes.
const VERSION: &str = "stytch-edge 1";

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = 1_700_000_000.5;
    const DAY: UnixSeconds = 86_400.0;

    fn issuer(project: &str) -> Issuer {
        Issuer {
            product: Product::Consumer,
            project_id: project.to_owned(),
            base_url: "https://test.stytch.com/".to_owned(),
        }
    }

    #[test]
    fn reads_an_entry_that_it_wrote() {
        let ours = issuer("project-\"1\"");
        let label = Label {
            issuer: &ours,
            kind: Kind::Keys(None),
        };
        let entry = label.entry(r#"{"keys":[]}"#, NOW);
        let lines: Vec<_> = entry.lines().collect();
        let expected = ["stytch-edge 1", "keys", "consumer", "project-\"1\""];
        assert_eq!(lines.get(..4), Some(&expected[..]));
        let stored = label.read(&entry, NOW + 5.0, DAY);
        let expected = Stored {
            text: r#"{"keys":[]}"#,
            fetched_at: NOW,
        };
        assert_eq!(stored, Some(expected));
    }

    #[test]
    fn ignores_an_entry_with_another_label() {
        let (ours, others) = (issuer("1"), issuer("2"));
        let b2b = Issuer {
            product: Product::B2b,
            ..issuer("1")
        };
        let elsewhere = Issuer {
            base_url: "https://own.example/".to_owned(),
            ..issuer("1")
        };
        let kinds = [
            Kind::Keys(None),
            Kind::Keys(Some("https://a.example")),
            Kind::Policy(None),
            Kind::Policy(Some("https://a.example")),
            Kind::Policy(Some("o")),
        ];
        let labels: Vec<Label> = [&ours, &others, &b2b, &elsewhere]
            .into_iter()
            .flat_map(|issuer| kinds.map(|kind| Label { issuer, kind }))
            .collect();
        for (i, label) in labels.iter().enumerate() {
            let entry = label.entry("{}", NOW);
            for (j, other) in labels.iter().enumerate() {
                assert_eq!(other.read(&entry, NOW, DAY).is_some(), i == j);
                assert_eq!(other.name() == label.name(), i == j);
            }
        }
    }

    #[test]
    fn ignores_an_entry_that_is_too_old_or_from_the_future() {
        let ours = issuer("1");
        let label = Label {
            issuer: &ours,
            kind: Kind::Policy(None),
        };
        let entry = label.entry("{}", NOW);
        let read = |now| label.read(&entry, now, DAY).map(|stored| stored.fetched_at);
        assert_eq!(read(NOW + DAY - 1.0), Some(NOW));
        assert_eq!(read(NOW + DAY), None);
        assert_eq!(read(NOW - 59.0), Some(NOW - 59.0), "clocks differ");
        assert_eq!(read(NOW - 61.0), None);
    }

    #[test]
    fn ignores_an_entry_that_is_damaged_or_of_another_version() {
        let ours = issuer("1");
        let label = Label {
            issuer: &ours,
            kind: Kind::Keys(None),
        };
        let entry = label.entry("{}", NOW);
        let next = entry.replacen("edge 1", "edge 2", 1);
        let negative = entry.replacen("\n17", "\n-17", 1);
        assert!(next != entry && negative != entry);
        let long = label.entry(&"x".repeat(MAX_ENTRY_BYTES), NOW);
        let half = entry.get(..entry.len() / 2).unwrap_or_default();
        for damaged in [
            "",
            "{}",
            "null",
            "[object Object]",
            half,
            &next,
            &negative,
            &long,
        ] {
            assert_eq!(label.read(damaged, NOW, DAY), None);
        }
    }

    #[test]
    fn names_entries_with_at_most_64_ascii_characters() {
        let long = issuer(&"é/".repeat(10_000));
        let name = Label {
            issuer: &long,
            kind: Kind::Keys(None),
        }
        .name();
        assert!(name.len() <= 64 && name.is_ascii(), "{name}");
    }
}
