//! A Rust standard library for wasm32-unknown-unknown, by one of three ways.
//!
//! 1. It is installed already, for the rustc in use.
//! 2. `rustup target add` fetches it.
//! 3. Debian's `rustc-web` compiles it from the sources in `rust-web-src`. This
//!    way serves machines that reach package registries and nothing else.
//!
//! The third way uses cargo's unstable `build-std`, which a stable compiler takes
//! when `RUSTC_BOOTSTRAP` is set; the linker is the one that rustup brought.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::project::cargo;
use crate::setup::debian;
use crate::workshop::Workshop;

/// Which way to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Choice {
    /// The first that works.
    Auto,
    /// Only the toolchain's own: installed, or added by rustup.
    Rustup,
    /// Only Debian's packages.
    Debian,
}

impl Choice {
    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        }
    }
}

/// A found standard library, and how cargo is told to use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmStd {
    /// The toolchain in use has one.
    Installed,
    /// Built from Debian's sources by Debian's compiler.
    Debian {
        /// The `rust-lld` of the toolchain in use.
        linker: PathBuf,
    },
}

impl WasmStd {
    /// Finds one, or makes the choice come true by fetching what is missing.
    pub fn find_or_install(workshop: &Workshop) -> Result<Self> {
        match workshop.wasm_std {
            Choice::Rustup => by_rustup(workshop),
            Choice::Debian => by_debian(workshop),
            // Where rustup failed once it would fail each time, and over the network.
            Choice::Auto if !is_installed() && debian_served_before(workshop) => {
                by_debian(workshop)
            }
            Choice::Auto => by_rustup(workshop).or_else(|no_rustup| {
                by_debian(workshop).map_err(|no_debian| {
                    anyhow!("{THREE_WAYS} (tried: {no_rustup:#}; {no_debian:#})")
                })
            }),
        }
    }

    /// A cargo call for the wasm target. `arguments` begin with the subcommand.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let (subcommand, rest) = arguments.split_first().unwrap_or((&"build", &[]));
        // Debian's own clippy belongs to Debian's compiler; rustup's would refuse
        // the standard library that this one compiled.
        let mut command = match (self, *subcommand) {
            (Self::Debian { .. }, "clippy") => Command::new(DEBIAN_CLIPPY),
            _ => Command::new(cargo()),
        };
        command.arg(subcommand).args(["--target", TARGET]);
        if let Self::Debian { linker } = self {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .args(["-Z", "build-std-features=optimize_for_size"])
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command.args(rest);
        command
    }

    /// Compiler flags that only this way allows.
    pub fn rustflags(&self) -> &'static [&'static str] {
        match self {
            Self::Installed => &[],
            // Drops the messages and locations of panics; a panic is a trap anyway.
            Self::Debian { .. } => &["-Zunstable-options", "-Cpanic=immediate-abort"],
        }
    }

    /// The compiler's version, for stamps.
    pub fn compiler(&self) -> Result<String> {
        let rustc = match self {
            Self::Installed => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        printed(Command::new(rustc).arg("-vV"))
    }

    /// Fetches clippy for this way, where that is a matter of its own.
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
            Self::Debian { .. } => "debian",
        }
    }
}

fn by_rustup(workshop: &Workshop) -> Result<WasmStd> {
    if is_installed() {
        return Ok(WasmStd::Installed);
    }
    ensure!(
        debian::find_program("rustup").is_some(),
        "there is no rustup here"
    );
    workshop.attempt(
        &format!("rustup target add {TARGET}"),
        "rustup-target-add",
        Command::new("rustup").args(["target", "add", TARGET]),
        RUSTUP_LIMIT,
    )?;
    ensure!(
        is_installed(),
        "rustup added {TARGET} to another toolchain than the one in use"
    );
    Ok(WasmStd::Installed)
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
        "{DEBIAN_RUSTC} is older than {OLDEST_RUST}"
    );
    Ok(WasmStd::Debian {
        linker: find_linker()?,
    })
}

fn debian_served_before(workshop: &Workshop) -> bool {
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
            "no rust-lld at {}: rustup's toolchains have one",
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
    ensure!(output.status.success(), "{name} failed");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/Cargo.toml";
/// The `rust-version` of the workspace.
const OLDEST_RUST: &str = env!("CARGO_PKG_RUST_VERSION");
const RUSTUP_LIMIT: Duration = Duration::from_secs(5 * 60);

const THREE_WAYS: &str = "no standard library for wasm32-unknown-unknown: run `rustup target add \
    wasm32-unknown-unknown`, or use a toolchain that has it, or install Debian's rustc-web and rust-web-src";

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
    fn tells_cargo_of_the_debian_compiler_only_on_the_debian_way() {
        let debian = WasmStd::Debian {
            linker: PathBuf::from("rust-lld"),
        };
        let names_rustc = |command: &Command| command.get_envs().any(|(name, _)| name == "RUSTC");
        assert!(names_rustc(&debian.cargo(&["build"])));
        assert!(!names_rustc(&WasmStd::Installed.cargo(&["build"])));
    }
}
