//! Provides a Rust standard library for wasm32-unknown-unknown. The first of these that works:
//!
//! 1. The toolchain in use compiles it from its own sources, rustup's component `rust-src`.
//! 2. Debian's `rustc-web` compiles it from the sources in `rust-web-src`. This is for machines
//!    that can only reach package registries.
//! 3. The compiled one of the toolchain, which `rustup target add` installs.
//!
//! A library that is compiled here has no messages of panics, which makes the wasm of the package
//! 10 % smaller. It needs cargo's unstable `build-std`, which a stable compiler accepts if
//! `RUSTC_BOOTSTRAP` is set.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::project::cargo;
use crate::setup::debian;
use crate::workshop::Workshop;

/// The value of `--wasm-std`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Choice {
    /// The first source that works.
    Auto,
    /// Only the sources of the toolchain: installed, or added by rustup.
    Sources,
    /// Only Debian's packages.
    Debian,
    /// Only the compiled library of the toolchain: installed, or added by rustup.
    Rustup,
}

impl Choice {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Sources => "sources",
            Self::Debian => "debian",
            Self::Rustup => "rustup",
        }
    }
}

/// A standard library that was found, and the cargo options to use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmStd {
    /// The compiled library of the toolchain in use.
    Installed,
    /// Built from the sources of the toolchain in use.
    Sources,
    /// Built from Debian's sources by Debian's compiler.
    Debian {
        /// The `rust-lld` of the toolchain in use.
        linker: PathBuf,
    },
}

impl WasmStd {
    /// Finds a standard library, or installs it according to `--wasm-std`.
    pub fn find_or_install(workshop: &Workshop) -> Result<Self> {
        match workshop.wasm_std {
            Choice::Sources => by_sources(workshop),
            Choice::Debian => by_debian(workshop),
            Choice::Rustup => by_rustup(workshop),
            // Debian was used before because rustup had failed. Trying rustup again would use the
            // network and fail again.
            Choice::Auto if !has_sources() && debian_was_used(workshop) => by_debian(workshop),
            Choice::Auto => by_sources(workshop).or_else(|sources_error| {
                // Packages are not installed for a library that is available.
                if is_installed() {
                    return Ok(Self::Installed);
                }
                by_debian(workshop).or_else(|debian_error| {
                    by_rustup(workshop).map_err(|rustup_error| {
                        anyhow!(
                            "{NOT_FOUND} (sources: {sources_error:#}; Debian: {debian_error:#}; rustup: {rustup_error:#})"
                        )
                    })
                })
            }),
        }
    }

    /// A cargo command for the wasm target. The first of `arguments` is the subcommand.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let (subcommand, rest) = arguments.split_first().unwrap_or((&"build", &[]));
        // Debian's clippy belongs to Debian's compiler. Rustup's clippy rejects a standard library
        // that Debian's compiler has compiled.
        let mut command = match (self, *subcommand) {
            (Self::Debian { .. }, "clippy") => Command::new(DEBIAN_CLIPPY),
            _ => Command::new(cargo()),
        };
        command.arg(subcommand).args(["--target", TARGET]);
        if *self != Self::Installed {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .args(["-Z", "build-std-features=optimize_for_size"])
                .env("RUSTC_BOOTSTRAP", "1");
        }
        if let Self::Debian { linker } = self {
            command
                .env("RUSTC", DEBIAN_RUSTC)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command.args(rest);
        command
    }

    /// Compiler flags that only a library that is built here allows.
    pub fn rustflags(&self) -> &'static [&'static str] {
        match self {
            Self::Installed => &[],
            // Removes the messages and locations of panics, because a panic is only a trap.
            Self::Sources | Self::Debian { .. } => {
                &["-Zunstable-options", "-Cpanic=immediate-abort"]
            }
        }
    }

    /// The version of the compiler, for stamps.
    pub fn compiler(&self) -> Result<String> {
        let rustc = match self {
            Self::Installed | Self::Sources => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        printed(Command::new(rustc).arg("-vV"))
    }

    /// Installs clippy for Debian's compiler. Rustup's toolchain contains clippy.
    pub fn install_clippy(&self, workshop: &Workshop) -> Result<()> {
        match self {
            Self::Debian { .. } if !Path::new(DEBIAN_CLIPPY).exists() => {
                debian::install(workshop, &["rust-web-clippy"])
            }
            _ => Ok(()),
        }
    }

    /// A short name, for folders and messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Installed => "rustup",
            Self::Sources => "sources",
            Self::Debian { .. } => "debian",
        }
    }
}

fn by_sources(workshop: &Workshop) -> Result<WasmStd> {
    if has_sources() {
        return Ok(WasmStd::Sources);
    }
    add(workshop, &["component", "add", "rust-src"])?;
    ensure!(
        has_sources(),
        "rustup added rust-src to a toolchain that is not in use"
    );
    Ok(WasmStd::Sources)
}

fn has_sources() -> bool {
    rustup_sources().is_ok_and(|folder| folder.join("library/Cargo.lock").exists())
}

/// The folder in which rustup puts the sources of the standard library.
pub fn rustup_sources() -> Result<PathBuf> {
    let sysroot = printed(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(Path::new(&sysroot).join("lib/rustlib/src/rust"))
}

fn by_rustup(workshop: &Workshop) -> Result<WasmStd> {
    if is_installed() {
        return Ok(WasmStd::Installed);
    }
    add(workshop, &["target", "add", TARGET])?;
    ensure!(
        is_installed(),
        "rustup added {TARGET} to a toolchain that is not in use"
    );
    Ok(WasmStd::Installed)
}

/// Has rustup add something to the toolchain.
fn add(workshop: &Workshop, arguments: &[&str]) -> Result<()> {
    ensure!(
        debian::find_program("rustup").is_some(),
        "rustup is not available"
    );
    workshop.attempt(
        &format!("rustup {}", arguments.join(" ")),
        &format!("rustup-{}", arguments.join("-")),
        Command::new("rustup").args(arguments),
        RUSTUP_LIMIT,
    )
}

fn is_installed() -> bool {
    printed(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET])).is_ok_and(
        |folder| {
            std::fs::read_dir(folder).is_ok_and(|entries| {
                entries.flatten().any(|entry| {
                    let name = entry.file_name();
                    let name = name.to_string_lossy();
                    name.starts_with("libstd-") && name.ends_with(".rlib")
                })
            })
        },
    )
}

fn by_debian(workshop: &Workshop) -> Result<WasmStd> {
    if !debian_is_ready() {
        debian::install(workshop, &["rustc-web", "rust-web-src"])?;
    }
    ensure!(
        debian_is_ready(),
        "{DEBIAN_RUSTC} must be Rust {OLDEST_RUST} or later, with its sources in {DEBIAN_SOURCES}"
    );
    Ok(WasmStd::Debian {
        linker: find_linker()?,
    })
}

fn debian_was_used(workshop: &Workshop) -> bool {
    debian_is_ready() && workshop.project.target("wasm-build/debian").exists()
}

fn debian_is_ready() -> bool {
    let new_enough = printed(Command::new(DEBIAN_RUSTC).arg("--version"))
        .ok()
        .and_then(|version| minor_version(version.strip_prefix("rustc ")?))
        .is_some_and(|minor| Some(minor) >= minor_version(OLDEST_RUST));
    new_enough && Path::new(DEBIAN_SOURCES).exists()
}

fn minor_version(version: &str) -> Option<u32> {
    version.strip_prefix("1.")?.split('.').next()?.parse().ok()
}

fn find_linker() -> Result<PathBuf> {
    let sysroot = printed(Command::new("rustc").args(["--print", "sysroot"]))?;
    let host = printed(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let linker = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    if !linker.exists() {
        bail!(
            "{} does not exist; install a toolchain with rustup, which contains rust-lld",
            linker.display()
        );
    }
    Ok(linker)
}

fn printed(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("cannot run {name}"))?;
    ensure!(
        output.status.success(),
        "{name} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/Cargo.toml";
/// The `rust-version` of the workspace.
const OLDEST_RUST: &str = env!("CARGO_PKG_RUST_VERSION");
const RUSTUP_LIMIT: Duration = Duration::from_secs(2 * 60);

const NOT_FOUND: &str = "the standard library for wasm32-unknown-unknown was not found: run `rustup component add \
    rust-src` or `rustup target add wasm32-unknown-unknown`, use a toolchain that contains it, or install Debian's rustc-web and rust-web-src";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_minor_version_of_a_compiler() {
        assert_eq!(minor_version("1.96.0 (ac68faa20 2026-05-25)"), Some(96));
        assert_eq!(minor_version("1.90"), Some(90));
        assert_eq!(minor_version("0.1.96"), None);
    }

    #[test]
    fn sets_the_debian_compiler_only_for_the_debian_library() {
        let debian = WasmStd::Debian {
            linker: PathBuf::from("rust-lld"),
        };
        let names_rustc = |command: &Command| command.get_envs().any(|(name, _)| name == "RUSTC");
        assert!(names_rustc(&debian.cargo(&["build"])));
        assert!(!names_rustc(&WasmStd::Installed.cargo(&["build"])));
    }
}
