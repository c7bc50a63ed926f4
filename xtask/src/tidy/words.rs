//! A rule about words: the words, the files and the part of a file that it applies to, and the
//! paths where they are allowed.
//!
//! Does not know the rules. They are the rows of `rules`.

use super::finding::Finding;
use super::source::Source;

/// Words that are not allowed, with exceptions.
pub struct Rule {
    /// Printed with each finding. Contains the reason or the correction.
    pub message: &'static str,
    /// The words.
    pub words: &'static [&'static str],
    /// The part of a file that is searched.
    pub part: Part,
    /// Prefixes of the paths that the rule applies to. If empty, every path.
    pub folders: &'static [&'static str],
    /// Suffixes of the paths that the rule applies to. If empty, every path.
    pub endings: &'static [&'static str],
    /// The files in which the words are allowed.
    pub allowed: Allowed,
}

/// The part of a file that is searched.
pub enum Part {
    /// The text without comments and strings.
    Code,
    /// The whole text.
    Text,
    /// The path. `_` also separates words.
    Path,
}

/// The files in which the words of a rule are allowed.
pub enum Allowed {
    /// Not allowed in any file.
    Nowhere,
    /// Allowed in paths with these prefixes.
    In(&'static [&'static str]),
    /// Allowed in any file, but not in more than one.
    OneFile,
}

impl Rule {
    /// Every finding of the rule.
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
            && !matches!(self.allowed, Allowed::In(folders) if begins(folders))
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

/// Whether a line contains the word, other than as a part of a longer name or path.
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
    fn finds_whole_words_only() {
        assert!(has_word("x = js_sys::Date", "js_sys"));
        assert!(!has_word("x = my_js_sys::Date", "js_sys"));
        assert!(!has_word("js_system", "js_sys"));
        assert!(has_word("vitest.test.skip(x)", "test.skip("));
        assert!(!has_word("latest.skip(x)", "test.skip("));
    }
}
