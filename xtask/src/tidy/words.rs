//! A rule about words: which, in what part of which files, and where they may stand.
//!
//! Does not know the rules themselves; they are the rows of `rules`.

use super::finding::Finding;
use super::source::Source;

/// Words, and where they may stand.
pub struct Rule {
    /// Shown with each finding; says what to do.
    pub message: &'static str,
    /// Any of these.
    pub words: &'static [&'static str],
    /// What the words are looked for in.
    pub part: Part,
    /// Beginnings of paths that the rule is about; empty means every file.
    pub folders: &'static [&'static str],
    /// Endings of the paths that the rule is about; empty means every file.
    pub endings: &'static [&'static str],
    /// Where the words may stand.
    pub allowed: Allowed,
}

/// What of a file is searched.
pub enum Part {
    /// Without comments and strings.
    Code,
    /// All of it.
    Text,
    /// The path itself, whose words `_` separates too.
    Path,
}

/// Where a rule's words may stand.
pub enum Allowed {
    /// In no file.
    Nowhere,
    /// In paths that begin so.
    In(&'static [&'static str]),
    /// In one file, whichever it is.
    OneFile,
}

impl Rule {
    /// Every place that breaks the rule.
    pub fn check(&self, sources: &[Source]) -> Vec<Finding> {
        let findings: Vec<Finding> = sources
            .iter()
            .filter(|source| self.is_about(&source.path))
            .flat_map(|source| self.find(source))
            .collect();
        let Allowed::OneFile = self.allowed else {
            return findings;
        };
        let mut files: Vec<&str> = findings
            .iter()
            .map(|finding| finding.path.as_str())
            .collect();
        files.dedup();
        if files.len() > 1 {
            findings
        } else {
            Vec::new()
        }
    }

    fn is_about(&self, path: &str) -> bool {
        let begins = |list: &[&str]| list.iter().any(|folder| path.starts_with(folder));
        (self.folders.is_empty() || begins(self.folders))
            && (self.endings.is_empty() || self.endings.iter().any(|ending| path.ends_with(ending)))
            && !matches!(self.allowed, Allowed::In(places) if begins(places))
    }

    fn find(&self, source: &Source) -> Vec<Finding> {
        let path = source.path.replace('_', "-");
        let part = match self.part {
            Part::Code => &source.code,
            Part::Text => &source.text,
            Part::Path => &path,
        };
        let mut findings = Vec::new();
        for (index, line) in part.lines().enumerate() {
            for word in self.words.iter().filter(|word| has_word(line, word)) {
                let message = format!("`{word}`: {}", self.message);
                findings.push(Finding::new(&source.path, index + 1, message));
            }
        }
        findings
    }
}

/// Whether a line has the word, not as a part of a longer name or address.
pub fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let name_first = word.starts_with(joins);
    let path_first = word.starts_with('/');
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        let glued_before = before.is_some_and(|c| {
            (name_first && joins(c)) || (path_first && (joins(c) || "./~-}".contains(c)))
        });
        let glued_after = word.ends_with(joins) && after.is_some_and(joins);
        !glued_before && !glued_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_whole_words_only() {
        assert!(has_word("x = js_sys::Date", "js_sys"));
        assert!(!has_word("x = my_js_sys::Date", "js_sys"));
        assert!(!has_word("js_system", "js_sys"));
        assert!(has_word("vitest.test.skip(x)", "test.skip("));
        assert!(!has_word("latest.skip(x)", "test.skip("));
    }
}
