//! Reads the licence texts and notices of a crate from the folder of its sources.
//!
//! Does not know the format of the document.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::choice::{Choice, Licence};

/// The texts that must accompany a crate: the texts of the licences that apply, and its notices.
pub fn of_crate(name: &str, folder: &Path, choice: &Choice) -> Result<Vec<String>> {
    let files = files_about_licences(folder)
        .with_context(|| format!("cannot read the licence files of {name}"))?;
    ensure!(!files.is_empty(), "the crate {name} has no licence file");
    select(&files, choice).with_context(|| format!("the licence files of {name}"))
}

/// The text of the MIT licence with these copyright lines.
pub fn mit(copyright: &str) -> String {
    tidied(&format!("MIT License\n\n{copyright}\n\n{MIT}"))
}

/// Normalizes a text: `\n` at line ends, and neither trailing spaces nor surrounding blank lines.
pub fn tidied(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The name and the text of each licence file, sorted. All files of a folder [`INHERITED`] are licence files.
fn files_about_licences(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let inherited = folder.join(INHERITED);
    for folder in [folder, &inherited] {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.to_ascii_uppercase();
            let is_licence =
                folder == inherited || BEGINNINGS.iter().any(|start| name.starts_with(start));
            if is_licence && path.is_file() {
                files.push((name, fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Selects the texts of the licences that apply, and the notices. A file without the text of a licence is skipped, because
/// it only refers to other files, unless it says whose code the folder [`INHERITED`] is about.
fn select(files: &[(String, String)], choice: &Choice) -> Result<Vec<String>> {
    let is_needed =
        |text: &str| Licence::all_in(text).any(|licence| !choice.declined.contains(&licence));
    let texts: Vec<String> = files
        .iter()
        .filter(|(name, text)| {
            name.starts_with(NOTICE) || text.contains(INHERITED) || is_needed(text)
        })
        .map(|(_, text)| tidied(&without_declined(text, choice)))
        .collect();
    for licence in &choice.chosen {
        ensure!(
            texts.iter().any(|text| licence.is_in(text)),
            "none of them contains the text of {}",
            licence.id
        );
    }
    Ok(texts)
}

/// Removes declined licences from a file that contains several, each between lines of `~~~~`.
fn without_declined(text: &str, choice: &Choice) -> String {
    let text = text.replace("\r\n", "\n");
    let parts = text.split(FENCE).map(|part| {
        let mut licences = Licence::all_in(part).peekable();
        let is_declined =
            licences.peek().is_some() && licences.all(|licence| choice.declined.contains(&licence));
        if is_declined { LEFT_OUT } else { part }
    });
    parts.collect::<Vec<_>>().join(FENCE)
}

const NOTICE: &str = "NOTICE";
/// Where granit-parser keeps the licences of the crates that it continues.
const INHERITED: &str = ".licenses";
const BEGINNINGS: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", NOTICE];
const FENCE: &str = "\n~~~~\n";
const LEFT_OUT: &str = "(left out: this licence was not chosen)";
const MIT: &str = include_str!("mit.txt");

#[cfg(test)]
mod tests {
    use super::super::choice::choose;
    use super::*;

    const APACHE: &str = "Apache License\n   Version 2.0, January 2004\n";

    fn selected(files: &[(&str, &str)], licence: &str) -> Result<Vec<String>> {
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        select(&files, &choose(licence).unwrap())
    }

    #[test]
    fn selects_the_text_of_the_chosen_licence_from_a_file_with_any_name() {
        for name in ["LICENSE", "LICENSE.MIT", "COPYING"] {
            let files = [
                ("LICENSE-APACHE", APACHE),
                (name, MIT),
                ("LICENSE-X", "see others"),
            ];
            let texts = selected(&files, "MIT OR Apache-2.0").unwrap();
            assert_eq!(texts, [tidied(MIT)], "{name}");
        }
        let texts = selected(&[("LICENSE", APACHE)], "Apache-2.0").unwrap();
        assert_eq!(texts, [tidied(APACHE)]);
    }

    #[test]
    fn keeps_notices_and_licences_that_the_expression_does_not_name() {
        let zlib = "This software is provided 'as-is', without any express or implied warranty.";
        let files = [
            ("LICENSE", APACHE),
            ("LICENSE-ZLIB", zlib),
            ("NOTICE", "made by A"),
        ];
        let texts = selected(&files, "Apache-2.0").unwrap();
        assert_eq!(texts, [&tidied(APACHE), zlib, "made by A"]);
    }

    #[test]
    fn keeps_the_notice_about_inherited_licences() {
        let notice = "by A under [MIT](.licenses/A-MIT)";
        let files = [("A-APACHE", APACHE), ("A-MIT", MIT), ("LICENSE", notice)];
        let texts = selected(&files, "MIT OR Apache-2.0").unwrap();
        assert_eq!(texts, [&tidied(MIT), notice]);
    }

    #[test]
    fn a_missing_text_is_an_error() {
        let error = selected(&[("LICENSE-APACHE", APACHE)], "MIT OR Apache-2.0").unwrap_err();
        assert_eq!(error.to_string(), "none of them contains the text of MIT");
        let error = selected(&[("LICENSE", MIT)], "MIT AND Unicode-3.0").unwrap_err();
        assert_eq!(
            error.to_string(),
            "none of them contains the text of Unicode-3.0"
        );
    }

    #[test]
    fn removes_the_declined_licence_from_a_file_with_both() {
        let both = format!("Copyright A\n\n~~~~\n{MIT}~~~~\nor\n~~~~\n{APACHE}~~~~\n");
        let texts = selected(&[("LICENSE.txt", &both)], "MIT OR Apache-2.0").unwrap();
        let text = texts.concat();
        assert!(text.starts_with("Copyright A\n") && text.contains(&tidied(MIT)));
        assert!(!text.contains("January 2004") && text.contains(LEFT_OUT));
        let texts = selected(&[("LICENSE.txt", &both)], "Apache-2.0 AND MIT").unwrap();
        assert_eq!(texts, [tidied(&both)]);
    }

    #[test]
    fn the_error_for_missing_licence_files_names_the_crate() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let error = of_crate("a", &folder, &choose("MIT").unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "the crate a has no licence file");
    }

    #[test]
    fn normalizes_line_ends() {
        assert_eq!(tidied("\r\na  \r\n\r\n b\n\n"), "a\n\n b");
    }
}
