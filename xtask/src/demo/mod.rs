//! `cargo xtask demo`: runs the example Worker and the emulator. With `--check`, tests them.

mod browser;
mod guard;
mod journey;
mod servers;
mod transcript;

use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;

use self::servers::Servers;
use self::transcript::Transcript;
use crate::process::interrupted;
use crate::setup::chromium;
use crate::setup::node::{self, Folder};
use crate::workshop::Workshop;
use crate::{build, loopback};

/// Starts both servers and runs them until Ctrl-C.
pub fn run(workshop: &Workshop, port: u16) -> Result<()> {
    loopback::check_port(port)?;
    build::run(workshop)?;
    let mut servers = Servers::start(workshop, port)?;
    let print = |line: &str| workshop.progress.print(line);
    print("");
    print(&format!("  Worker: {}", servers.app));
    print(&format!("  E-mails: {}", servers.emulator.outbox()));
    print("");
    print("  Press Ctrl-C to stop both.");
    while !interrupted() {
        servers.check()?;
        sleep(Duration::from_millis(100));
    }
    drop(servers);
    workshop.progress.print("\nok    both servers have stopped");
    Ok(())
}

/// Checks the demo over HTTP and in Chromium. Stops at the first failed step.
pub fn check(workshop: &Workshop) -> Result<()> {
    let chromium = chromium::find_or_install(workshop)?;
    build::run(workshop)?;
    node::install(workshop, Folder::Tests)?;
    let servers = Servers::start(workshop, loopback::free_port()?)?;
    let transcript = Transcript::new(&workshop.progress);
    let result = journey::check(&servers, &transcript)
        .and_then(|()| guard::check(&servers, &transcript))
        .and_then(|()| browser::check(workshop, &servers, &transcript, &chromium));
    workshop.progress.print(&transcript.tally());
    result
}

/// Wrangler's default port.
pub const DEFAULT_PORT: u16 = 8787;
