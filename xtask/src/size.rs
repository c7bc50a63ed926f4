//! `cargo xtask size`: what the package weighs in a Worker, beside npm's `stytch`.
//!
//! Both are bundled by esbuild from the same few lines, minified, with the
//! conditions that a Worker's tools use. The wasm is a file beside the bundle.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build;
use crate::package;
use crate::setup::node::{self, Folder};
use crate::workshop::Workshop;

/// Prints the sizes, and fails above the budget.
pub fn run(workshop: &Workshop) -> Result<()> {
    build::run(workshop)?;
    package::install(workshop)?;
    let wasm = weigh(
        &workshop
            .project
            .path("tests/node_modules/stytch-edge/dist/wasm/stytch_edge_bg.wasm"),
    )?;
    let ours = weigh(&bundle(workshop, "stytch-edge")?)?;
    let theirs = weigh(&bundle(workshop, "stytch")?)?;
    let sum = Weight {
        raw: wasm.raw + ours.raw,
        gzipped: wasm.gzipped + ours.gzipped,
    };

    let rows = [
        ("stytch-edge, wasm", wasm),
        ("stytch-edge, JS bundle", ours),
        ("stytch-edge, both", sum),
        ("stytch, JS bundle", theirs),
    ];
    workshop
        .progress
        .say(&format!("{:<24}{:>10}{:>10}", "bytes", "raw", "gzipped"));
    for (name, weight) in rows {
        workshop.progress.say(&format!(
            "{name:<24}{:>10}{:>10}",
            weight.raw, weight.gzipped
        ));
    }
    if sum.gzipped > BUDGET {
        bail!("{} bytes gzipped, and the budget is {BUDGET}", sum.gzipped);
    }
    workshop.progress.say(&format!(
        "ok    size: {} of {BUDGET} bytes gzipped",
        sum.gzipped
    ));
    Ok(())
}

#[derive(Clone, Copy)]
struct Weight {
    raw: usize,
    gzipped: usize,
}

fn weigh(file: &Path) -> Result<Weight> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(Weight {
        raw: bytes.len(),
        gzipped: encoder.finish()?.len(),
    })
}

fn bundle(workshop: &Workshop, package: &str) -> Result<std::path::PathBuf> {
    let folder = workshop.project.target("size");
    fs::create_dir_all(&folder)?;
    let entry = folder.join(format!("{package}.in.js"));
    let output = folder.join(format!("{package}.js"));
    fs::write(&entry, WORKER.replace("PACKAGE", package))?;
    let esbuild = node::tool(workshop, Folder::Tests, "esbuild")?;
    workshop.run(
        &format!("bundle {package}"),
        &format!("size-{package}"),
        Command::new(esbuild)
            .arg(&entry)
            .args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--platform=browser",
                "--target=es2022",
            ])
            .args([
                "--conditions=workerd,worker",
                "--external:*.wasm?module",
                "--external:cloudflare:*",
                "--external:node:*",
            ])
            .arg(format!("--outfile={}", output.display()))
            // The entry lies in the target directory, where nothing is installed.
            .env("NODE_PATH", workshop.project.path("tests/node_modules")),
        LIMIT,
    )?;
    Ok(output)
}

/// Both clients, as in a Worker that guards one route of each.
const WORKER: &str = r#"import { B2BClient, Client } from "PACKAGE";

export default {
  async fetch(request, env) {
    const config = { project_id: env.STYTCH_PROJECT_ID, secret: env.STYTCH_SECRET };
    const client = new URL(request.url).pathname === "/b2b" ? new B2BClient(config) : new Client(config);
    return Response.json(await client.sessions.authenticateJwtLocal({ session_jwt: await request.text() }));
  },
};
"#;

/// Gzipped bundle and wasm together: a guard against unnoticed growth.
const BUDGET: usize = 90_000;
const LIMIT: Duration = Duration::from_secs(120);
