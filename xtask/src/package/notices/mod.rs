//! Writes `THIRD-PARTY-LICENSES` of the npm package: the third-party code, its licences, and the
//! texts that must accompany it.
//!
//! Does not know which crates are compiled in, nor their folders: `metadata` reads both from cargo.

mod choice;
mod texts;

use anyhow::{Context, Result};

use self::choice::choose;
use super::Publication;
use super::metadata::{Metadata, Package};
use crate::project::Project;

/// Returns the document. A licence that is not accepted, or a missing text, is an error.
pub fn for_the_package(
    project: &Project,
    metadata: &Metadata,
    its: &Publication,
) -> Result<String> {
    let mut parts = metadata
        .compiled_in(project, its.crate_name)?
        .into_iter()
        .map(Part::of_crate)
        .collect::<Result<Vec<Part>>>()?;
    let mut glue = Part::of_crate(metadata.package(GLUE_WRITER)?)?;
    glue.remark = Some("wrote the JavaScript that connects the wasm with its runtime");
    parts.push(glue);
    parts.extend(of_the_compiler());
    Ok(document(its.name, parts))
}

/// A piece of third-party code.
#[derive(Debug)]
struct Part {
    /// The name, with the version if it has one.
    name: String,
    licence: String,
    authors: String,
    source: String,
    remark: Option<&'static str>,
    texts: Vec<String>,
}

impl Part {
    fn of_crate(package: &Package) -> Result<Self> {
        let name = format!("{} {}", package.name, package.version);
        let licence = package
            .license
            .as_deref()
            .with_context(|| format!("the Cargo.toml of {name} has no license"))?;
        let choice = choose(licence).with_context(|| format!("the licence of {name}"))?;
        let folder = package.manifest_path.parent();
        let folder = folder.with_context(|| format!("the Cargo.toml of {name} has no folder"))?;
        let texts = texts::of_crate(&package.name, folder, &choice)?;
        Ok(Self {
            licence: licence.to_owned(),
            authors: package.authors.join(", "),
            source: package.repository.clone().unwrap_or_default(),
            remark: None,
            texts,
            name,
        })
    }
}

/// The code that the Rust compiler adds to every program for wasm32. Cargo does not list it. dlmalloc and hashbrown are
/// crates in the standard library: its allocator on wasm32, and its hash tables.
fn of_the_compiler() -> [Part; 4] {
    let part = |name: &str, licence: &str, [authors, source]: [&str; 2], copyright: &str| Part {
        name: name.to_owned(),
        licence: licence.to_owned(),
        authors: authors.to_owned(),
        source: source.to_owned(),
        remark: None,
        texts: vec![texts::mit(copyright)],
    };
    let mut builtins = part(
        "Rust compiler_builtins library",
        "MIT AND Apache-2.0 WITH LLVM-exception",
        RUST_ORIGIN,
        &[RUST, COMPILER_RT].join("\n"),
    );
    builtins.remark = Some(
        "the exception requires no notice in compiled code, so that the text of MIT is enough",
    );
    let either = "MIT OR Apache-2.0";
    [
        part("Rust standard library", either, RUST_ORIGIN, RUST),
        part(
            "Rust standard library: dlmalloc",
            either,
            [
                "Alex Crichton",
                "https://github.com/alexcrichton/dlmalloc-rs",
            ],
            "Copyright (c) 2014 Alex Crichton",
        ),
        part(
            "Rust standard library: hashbrown",
            either,
            ["Amanieu d'Antras", "https://github.com/rust-lang/hashbrown"],
            "Copyright (c) 2016 Amanieu d'Antras",
        ),
        builtins,
    ]
}

fn document(package: &str, mut parts: Vec<Part>) -> String {
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    let mut document = introduction(package);
    for part in &parts {
        document.push_str(&entry(part));
    }
    for (text, names) in distinct_texts(&parts) {
        let names = names.join("\n    ");
        document.push_str(&format!(
            "\n{RULE}\nThe following text belongs to\n    {names}\n{RULE}\n\n{text}\n"
        ));
    }
    document
}

fn entry(part: &Part) -> String {
    let remark = part.remark.unwrap_or_default();
    let lines = [
        ("licence", part.licence.as_str()),
        ("authors", &part.authors),
        ("source", &part.source),
        ("remark", remark),
    ];
    let lines: String = lines
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("    {key}: {value}\n"))
        .collect();
    format!("\n{}\n{lines}", part.name)
}

/// Each text once, with the names of its parts. Texts that differ only in line breaks count as
/// the same text.
fn distinct_texts(parts: &[Part]) -> Vec<(&str, Vec<&str>)> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut distinct: Vec<(&str, Vec<&str>)> = Vec::new();
    for part in parts {
        for text in &part.texts {
            match distinct
                .iter_mut()
                .find(|(known, _)| words(known) == words(text))
            {
                Some((_, names)) if names.contains(&part.name.as_str()) => {}
                Some((_, names)) => names.push(&part.name),
                None => distinct.push((text, vec![&part.name])),
            }
        }
    }
    distinct
}

/// The crate that contains the JavaScript of wasm-bindgen's glue. It runs at build time only.
const GLUE_WRITER: &str = "wasm-bindgen-cli-support";

const RUST_ORIGIN: [&str; 2] = [
    "The Rust Project Developers",
    "https://github.com/rust-lang/rust",
];
const RUST: &str = "Copyright (c) The Rust Project Developers (see https://thanks.rust-lang.org)";
/// The copyright of LLVM, from which compiler_builtins is derived.
const COMPILER_RT: &str = "Copyright (c) 2009-2016 by the contributors listed in CREDITS.TXT \
    (https://github.com/llvm/llvm-project/blob/main/compiler-rt/CREDITS.TXT)";

const RULE: &str =
    "--------------------------------------------------------------------------------";

fn introduction(package: &str) -> String {
    format!(
        "\
Third-party licences of the npm package {package}

The WebAssembly of this package contains compiled code of the following Rust
crates and libraries, and its JavaScript contains code that wasm-bindgen wrote.
The texts of their licences follow the list. If a licence is a choice that
includes MIT, MIT is chosen.

The licence of {package} itself is in LICENSE-MIT and LICENSE-APACHE.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, texts: &[&str]) -> Part {
        Part {
            name: name.to_owned(),
            licence: "MIT".to_owned(),
            authors: String::new(),
            source: "https://a.invalid/b".to_owned(),
            remark: None,
            texts: texts.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn prints_each_text_once_with_the_names_of_its_parts() {
        let parts = || {
            [
                part("b 1", &["one\ntext"]),
                part("a 1", &["one text", "other"]),
            ]
        };
        let [first, second] = parts();
        let text = document("name", vec![first, second]);
        let [first, second] = parts();
        assert_eq!(
            text,
            document("name", vec![second, first]),
            "the order of the parts must not matter"
        );

        let list = "\na 1\n    licence: MIT\n    source: https://a.invalid/b\n\nb 1\n";
        assert!(text.contains(list), "{text}");
        let one = format!(
            "{RULE}\nThe following text belongs to\n    a 1\n    b 1\n{RULE}\n\none text\n"
        );
        let other = format!("{RULE}\nThe following text belongs to\n    a 1\n{RULE}\n\nother\n");
        assert!(text.ends_with(&format!("\n{one}\n{other}")), "{text}");
    }

    #[test]
    fn the_error_for_a_licence_that_is_not_accepted_names_the_crate() {
        let package = |license: Option<&str>| -> Package {
            serde_json::from_value(serde_json::json!({
                "id": "a#1.0.0", "name": "a", "version": "1.0.0", "license": license,
                "authors": [], "manifest_path": "Cargo.toml",
            }))
            .unwrap()
        };
        let error = Part::of_crate(&package(Some("MPL-2.0"))).unwrap_err();
        assert_eq!(error.to_string(), "the licence of a 1.0.0");
        let error = Part::of_crate(&package(None)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the Cargo.toml of a 1.0.0 has no license"
        );
    }

    #[test]
    fn the_document_of_this_package_is_complete_and_contains_no_paths() {
        let project = Project::find().unwrap();
        let metadata = Metadata::read(&project).unwrap();
        let text = for_the_package(&project, &metadata, &super::super::STYTCH_EDGE).unwrap();
        for name in [
            "\njwt-compact ",
            "\nwasm-bindgen ",
            "\nwasm-bindgen-cli-support ",
            "\nRust standard library\n",
            "\nRust standard library: dlmalloc\n",
            "\nCopyright (c) 2014 Alex Crichton\n",
        ] {
            assert!(text.contains(name), "{name}");
        }
        // Used only by macros, by build scripts, or by the emulator.
        for name in [
            "\nsyn ",
            "\nserde_derive ",
            "\nautocfg ",
            "\nrsa ",
            "\nindexmap ",
            "\nstytch-edge ",
        ] {
            assert!(!text.contains(name), "{name}");
        }
        assert_eq!(text.matches("TERMS AND CONDITIONS FOR USE").count(), 1);
        let manifest = &metadata.package("jwt-compact").unwrap().manifest_path;
        let crates = manifest.ancestors().nth(2).unwrap();
        for private in [project.root(), crates] {
            let private = private.display().to_string();
            assert!(!text.contains(&private), "{private}");
        }
        assert!(text.len() < 64 * 1024, "{} bytes", text.len());
    }
}
