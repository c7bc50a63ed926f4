//! A text in pieces, as `str::split` gives them.
//!
//! Ours, because each `split` of the standard library brings a searcher of its own along:
//! that was 0.4 KB of the package.

/// What stands between the `separator`s in `text`; one piece more than there are of these.
pub fn pieces(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut left = Some(text);
    std::iter::from_fn(move || {
        let text = left?;
        let split = text.split_once(separator);
        left = split.map(|(_, rest)| rest);
        Some(split.map_or(text, |(piece, _)| piece))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_the_standard_library_does() {
        for text in ["", "a", ".", "a.b", ".a..b.", "ä.\u{1f36a}"] {
            let (ours, theirs): (Vec<_>, Vec<_>) =
                (pieces(text, '.').collect(), text.split('.').collect());
            assert_eq!(ours, theirs, "{text:?}");
        }
    }
}
