//! The steps of `cargo xtask test`, in the order in which they run.
//!
//! To add a runtime, add a row here and `tests/runtimes/<name>.mjs`.

use crate::lint::Linter;

/// One row of the results table.
#[derive(Debug)]
pub struct Step {
    /// The name in `--only` and in the table.
    pub name: &'static str,
    /// The work of the step.
    pub work: Work,
    /// The names of the steps that must succeed first.
    pub needs: &'static [&'static str],
    /// Whether other steps may run at the same time.
    pub lane: Lane,
}

/// The work of a step, which also determines how its tests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Fetches or builds. Counts as one failed test if it fails, otherwise as none.
    SetUp(SetUp),
    /// A check of the sources by cargo, rustfmt or clippy. Counts as one test.
    Cargo(&'static [&'static str]),
    /// Clippy for the wasm target, with every feature and without features. Counts as one test.
    ClippyForWasm,
    /// A linter on the checkout. Counts as one test.
    Lint(Linter),
    /// The linters on breaches of their rules. The last line contains the counts.
    LintBreaches,
    /// Another command of xtask. Counts as one test.
    Xtask(&'static [&'static str]),
    /// `cargo test`. Cargo's output contains the counts.
    CargoTests(&'static [&'static str]),
    /// The tests of the emulator's server, with the server in npm. Cargo's output contains the counts.
    ServerTestsInNpm,
    /// `node tests/runtimes/<name>.mjs`. The last line contains the counts.
    Runner,
    /// The matrix of frameworks. Counted like a runner, but with a longer time limit.
    Matrix,
    /// `npm test` in a folder. The last line contains the counts.
    NpmTest(&'static str),
    /// Another command of xtask whose last line contains the counts.
    XtaskTests(&'static [&'static str]),
}

/// The set-up of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// A standard library for wasm32.
    WasmStd,
    /// The wasm in `pkg/`.
    Build,
    /// The runtimes of `tests/`, and the package installed from its tarball.
    Package,
    /// The package `stytch-emulator`, installed from its tarball.
    EmulatorPackage,
    /// The tools that inspect the package, and the bundlers.
    Bundlers,
    /// The tools of the Worker example.
    WorkerExample,
    /// Chromium.
    Chromium,
    /// Python with virtual environments.
    Python,
    /// The emulator's binary.
    Emulator,
    /// The Worker in Rust.
    RustWorker,
}

/// Whether a step may run at the same time as others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The step runs alone.
    Alone,
    /// The step may run at the same time as the adjacent steps of this lane.
    Parallel,
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
    alone(
        "emulator-package",
        Work::SetUp(SetUp::EmulatorPackage),
        &["wasm-std"],
    ),
    alone(
        "emulator-npm-server",
        Work::ServerTestsInNpm,
        &["emulator-package"],
    ),
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
    alone("python", Work::SetUp(SetUp::Python), &[]),
    runner("node-import", &["package", "emulator"]),
    runner("node-require", &["package", "emulator"]),
    runner("realms", &["package", "emulator"]),
    runner("surroundings", &["package", "worker-tools"]),
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
    runner("emulator-page", &["package", "emulator", "browser"]),
    runner("emulator-sdk", &["package", "emulator", "browser"]),
    runner("network", &["package", "worker-tools"]),
    runner(
        "emulator-npm",
        &[
            "package",
            "emulator-package",
            "worker-tools",
            "browser",
            "python",
        ],
    ),
    runner("keep-alive", &["package"]),
    runner("wasm", &["package"]),
    runner("trap", &["build", "package", "worker-tools"]),
    runner("types", &["package"]),
    runner("wire", &["package"]),
    runner("jose", &["package"]),
    runner("official", &["package", "emulator", "python"]),
    runner("otel", &["package", "emulator", "worker-tools"]),
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
    // Alone, because its time limits need both cores.
    alone(
        "soak",
        Work::Runner,
        &["package", "emulator", "worker-tools"],
    ),
    alone(
        "bench",
        Work::Xtask(&["bench", "--quick", "--only", "node"]),
        &["package"],
    ),
    alone(
        "worker-example",
        Work::NpmTest("worker-example"),
        &["build", "emulator-package", "worker-tools"],
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
        lane: Lane::Parallel,
    }
}
