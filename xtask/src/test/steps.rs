//! The steps of `cargo xtask test`, in the order they run.
//!
//! To add a runtime: a row here, and `tests/runtimes/<name>.mjs`.

use crate::lint::Linter;

/// One row of the table at the end.
#[derive(Debug)]
pub struct Step {
    /// What `--only` takes and the table shows.
    pub name: &'static str,
    /// What is done.
    pub work: Work,
    /// Steps without which this one cannot run.
    pub needs: &'static [&'static str],
    /// Whether neighbours may run at the same time.
    pub lane: Lane,
}

/// What a step does, and with that how its tests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Fetches or builds; counts nothing unless it fails.
    SetUp(SetUp),
    /// A check of the sources by cargo, rustfmt or clippy; counts as one.
    Cargo(&'static [&'static str]),
    /// Clippy for the wasm target with every feature; counts as one.
    ClippyForWasm,
    /// A linter, on the checkout; counts as one.
    Lint(Linter),
    /// The linters, each on a breach of its rules; counts what its last line says.
    LintBreaches,
    /// A check by this very program; counts as one.
    Xtask(&'static [&'static str]),
    /// `cargo test`; counts what cargo counts.
    CargoTests(&'static [&'static str]),
    /// `node tests/runtimes/<name>.mjs`; counts what its last line says.
    Runner,
    /// The matrix of frameworks, which counts like a runner and takes longer.
    Matrix,
    /// `npm test` in a folder; counts what its last line says.
    NpmTest(&'static str),
    /// A command of this very program that counts by itself.
    XtaskTests(&'static [&'static str]),
}

/// What has to be there before tests can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// A standard library for wasm32.
    WasmStd,
    /// The wasm in `pkg/`.
    Build,
    /// The runtimes of `tests/`, and the packed package among them.
    Package,
    /// What looks at the package, and the bundlers that it goes through.
    Bundlers,
    /// The tools of the example.
    WorkerExample,
    /// A browser.
    Chromium,
    /// The emulator's binary.
    Emulator,
    /// The Worker in Rust.
    RustWorker,
}

/// Whether a step may share the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// It runs alone.
    Alone,
    /// It may run beside its neighbours of the same lane.
    SideBySide,
}

/// Every step.
pub const STEPS: &[Step] = &[
    alone(
        "fmt",
        Work::Cargo(&["fmt", "--all", "--check", "--", "--color", "never"]),
        &[],
    ),
    alone("tidy", Work::Xtask(&["tidy"]), &[]),
    alone("codegen", Work::Xtask(&["codegen", "--check"]), &[]),
    alone("lint-api", Work::Lint(Linter::Api), &[]),
    alone("lint-ts", Work::Lint(Linter::TypeScript), &[]),
    alone("lint-links", Work::Lint(Linter::Links), &[]),
    alone("lint-spelling", Work::Lint(Linter::Spelling), &[]),
    alone("lint-breaches", Work::LintBreaches, &[]),
    alone(
        "clippy",
        Work::Cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "--deny",
            "warnings",
        ]),
        &[],
    ),
    alone(
        "native",
        Work::CargoTests(&["test", "--workspace", "--all-features"]),
        &[],
    ),
    alone(
        "rustdoc",
        Work::Cargo(&[
            "rustdoc",
            "--package",
            "stytch-edge",
            "--all-features",
            "--",
            "--deny",
            "warnings",
        ]),
        &[],
    ),
    alone("wasm-std", Work::SetUp(SetUp::WasmStd), &[]),
    alone("clippy-wasm", Work::ClippyForWasm, &["wasm-std"]),
    alone("build", Work::SetUp(SetUp::Build), &["wasm-std"]),
    alone("package", Work::SetUp(SetUp::Package), &["build"]),
    alone("size", Work::Xtask(&["size"]), &["package"]),
    alone("emulator", Work::SetUp(SetUp::Emulator), &[]),
    alone(
        "rust-worker-build",
        Work::SetUp(SetUp::RustWorker),
        &["wasm-std"],
    ),
    alone("worker-tools", Work::SetUp(SetUp::WorkerExample), &[]),
    alone("bundlers", Work::SetUp(SetUp::Bundlers), &[]),
    alone("browser", Work::SetUp(SetUp::Chromium), &[]),
    runner("node-import", &["package", "emulator"]),
    runner("node-require", &["package", "emulator"]),
    runner("realms", &["package", "emulator"]),
    runner("deno", &["package", "emulator"]),
    runner("bun", &["package", "emulator"]),
    runner("workerd", &["package", "emulator", "worker-tools"]),
    runner("isolates", &["package", "emulator", "worker-tools"]),
    runner(
        "rust-worker",
        &["package", "rust-worker-build", "emulator", "worker-tools"],
    ),
    runner("edge", &["package", "emulator"]),
    runner("chromium", &["package", "emulator", "browser"]),
    runner("wasm", &["package"]),
    runner("trap", &["build", "package", "worker-tools"]),
    runner("types", &["package"]),
    runner("wire", &["package"]),
    runner("jose", &["package"]),
    runner("packaging", &["package", "bundlers"]),
    runner(
        "bundles",
        &["package", "emulator", "worker-tools", "bundlers", "browser"],
    ),
    alone(
        "frameworks",
        Work::Matrix,
        &["package", "emulator", "worker-tools", "browser"],
    ),
    alone(
        "bench",
        Work::Xtask(&["bench", "--quick", "--only", "node"]),
        &["package"],
    ),
    alone(
        "worker-example",
        Work::NpmTest("worker-example"),
        &["build", "emulator", "worker-tools"],
    ),
    alone(
        "demo",
        Work::XtaskTests(&["demo", "--check"]),
        &["build", "emulator", "worker-tools", "browser"],
    ),
];

const fn alone(name: &'static str, work: Work, needs: &'static [&'static str]) -> Step {
    Step {
        name,
        work,
        needs,
        lane: Lane::Alone,
    }
}

const fn runner(name: &'static str, needs: &'static [&'static str]) -> Step {
    Step {
        name,
        work: Work::Runner,
        needs,
        lane: Lane::SideBySide,
    }
}
