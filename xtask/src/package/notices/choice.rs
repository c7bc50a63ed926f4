//! Chooses the licences that apply from an SPDX expression, and recognises licence texts.
//!
//! Of alternatives, the first in [`ACCEPTED`] is chosen. `A AND B` applies both. Cargo's old form
//! of an alternative, `A/B`, is accepted too. Does not know the crate.

use std::collections::BTreeSet;
use std::iter::Peekable;

use anyhow::{Result, bail};

/// The result of reading an expression.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// The licences that apply.
    pub chosen: Vec<&'static Licence>,
    /// Accepted licences that were offered and not chosen.
    pub declined: Vec<&'static Licence>,
}

/// A licence that compiled code may have.
#[derive(Debug, PartialEq, Eq)]
pub struct Licence {
    /// Its SPDX identifier.
    pub id: &'static str,
    /// A part of its text that identifies it, with single spaces between words. The two BSD
    /// licences have the same beginning.
    mark: &'static str,
}

impl Licence {
    /// Whether a text contains this licence.
    pub fn is_in(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").contains(self.mark)
    }

    /// The accepted licences that a text contains.
    pub fn all_in(text: &str) -> impl Iterator<Item = &'static Self> {
        ACCEPTED.iter().filter(move |licence| licence.is_in(text))
    }
}

/// Chooses the licences of an expression. If it requires a licence that is not accepted, returns an error.
pub fn choose(expression: &str) -> Result<Choice> {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let chosen = alternatives(&mut words)?;
    if words.next().is_some() {
        bail!("the licence expression `{expression}` is malformed");
    }
    let Some(chosen) = chosen else {
        let ids = ACCEPTED.map(|licence| licence.id).join(", ");
        bail!("the licence `{expression}` is not accepted; accepted are {ids}");
    };
    let is_named = |licence: &Licence| spaced.split_whitespace().any(|word| word == licence.id);
    let (chosen, others): (Vec<_>, Vec<_>) = ACCEPTED
        .iter()
        .enumerate()
        .partition(|(rank, _)| chosen.contains(rank));
    let licences = |ranked: Vec<(usize, &'static Licence)>| ranked.into_iter().map(|(_, one)| one);
    Ok(Choice {
        chosen: licences(chosen).collect(),
        declined: licences(others).filter(|one| is_named(one)).collect(),
    })
}

/// Indexes into [`ACCEPTED`]. `None` if a licence that is not accepted would apply.
type Ranks = Option<BTreeSet<usize>>;

fn alternatives<'e>(words: &mut Peekable<impl Iterator<Item = &'e str>>) -> Result<Ranks> {
    let mut best = all_of(words)?;
    while words.next_if_eq(&"OR").is_some() {
        best = match (best, all_of(words)?) {
            (Some(one), Some(other)) if other.last() < one.last() => Some(other),
            (one, other) => one.or(other),
        };
    }
    Ok(best)
}

fn all_of<'e>(words: &mut Peekable<impl Iterator<Item = &'e str>>) -> Result<Ranks> {
    let mut all = one_of(words)?;
    while words.next_if_eq(&"AND").is_some() {
        let other = one_of(words)?;
        all = all.zip(other).map(|(one, other)| &one | &other);
    }
    Ok(all)
}

fn one_of<'e>(words: &mut Peekable<impl Iterator<Item = &'e str>>) -> Result<Ranks> {
    let ranks = match words.next() {
        Some("(") => {
            let inner = alternatives(words)?;
            if words.next() != Some(")") {
                bail!("the licence expression lacks a closing parenthesis");
            }
            return Ok(inner);
        }
        None | Some(")" | "AND" | "OR" | "WITH") => bail!("the licence expression lacks a licence"),
        Some(id) => ACCEPTED
            .iter()
            .position(|licence| licence.id == id)
            .map(|rank| BTreeSet::from([rank])),
    };
    if words.next_if_eq(&"WITH").is_some() {
        // A licence with an exception is another licence, and currently none of them is accepted.
        words.next();
        return Ok(None);
    }
    Ok(ranks)
}

/// The licences that compiled code may have, because they require notices only. Ordered by
/// preference: of alternatives, the first in this list is chosen.
const ACCEPTED: [Licence; 8] = [
    Licence {
        id: "MIT",
        mark: "Permission is hereby granted, free of charge, to any person obtaining a copy",
    },
    Licence {
        id: "ISC",
        mark: "Permission to use, copy, modify, and/or distribute this software for any purpose",
    },
    Licence {
        id: "Zlib",
        mark: "This software is provided 'as-is', without any express or implied warranty",
    },
    Licence {
        id: "BSD-2-Clause",
        mark: "Redistribution and use in source and binary forms",
    },
    Licence {
        id: "BSD-3-Clause",
        mark: "Redistribution and use in source and binary forms",
    },
    Licence {
        id: "Unicode-3.0",
        mark: "UNICODE LICENSE V3",
    },
    Licence {
        id: "BlueOak-1.0.0",
        mark: "Blue Oak Model License",
    },
    Licence {
        id: "Apache-2.0",
        mark: "Apache License Version 2.0, January 2004",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(licences: &[&Licence]) -> String {
        let ids: Vec<&str> = licences.iter().map(|licence| licence.id).collect();
        ids.join(" ")
    }

    #[test]
    fn prefers_mit_and_keeps_additional_licences() {
        for (expression, chosen, declined) in [
            ("MIT", "MIT", ""),
            ("MIT OR Apache-2.0", "MIT", "Apache-2.0"),
            ("Apache-2.0 OR MIT", "MIT", "Apache-2.0"),
            ("MIT/Apache-2.0", "MIT", "Apache-2.0"),
            ("Unlicense OR MIT", "MIT", ""),
            ("Apache-2.0", "Apache-2.0", ""),
            ("BSD-3-Clause", "BSD-3-Clause", ""),
            (
                "(MIT OR Apache-2.0) AND Unicode-3.0",
                "MIT Unicode-3.0",
                "Apache-2.0",
            ),
            ("GPL-3.0-only OR Zlib AND ISC", "ISC Zlib", ""),
            (
                "Apache-2.0 WITH LLVM-exception OR Apache-2.0",
                "Apache-2.0",
                "",
            ),
        ] {
            let choice = choose(expression).unwrap();
            assert_eq!(ids(&choice.chosen), chosen, "{expression}");
            assert_eq!(ids(&choice.declined), declined, "{expression}");
        }
    }

    #[test]
    fn rejects_other_licences_and_malformed_expressions() {
        for (expression, message) in [
            ("GPL-3.0-only", "the licence `GPL-3.0-only` is not accepted"),
            (
                "MIT AND MPL-2.0",
                "the licence `MIT AND MPL-2.0` is not accepted",
            ),
            ("Apache-2.0 WITH LLVM-exception", "is not accepted"),
            ("", "lacks a licence"),
            ("MIT OR", "lacks a licence"),
            ("(MIT", "lacks a closing parenthesis"),
            (
                "MIT Apache-2.0",
                "the licence expression `MIT Apache-2.0` is malformed",
            ),
        ] {
            let error = choose(expression).unwrap_err().to_string();
            assert!(error.contains(message), "{expression}: {error}");
        }
    }

    #[test]
    fn recognises_a_licence_with_any_line_breaks() {
        let text =
            "Permission is hereby granted, free of charge, to any\r\n  person obtaining a copy\n";
        assert_eq!(ids(&Licence::all_in(text).collect::<Vec<_>>()), "MIT");
        assert_eq!(Licence::all_in("MIT OR Apache-2.0").count(), 0);
    }
}
