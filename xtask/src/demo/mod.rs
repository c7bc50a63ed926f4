//! `cargo xtask demo`: the example and the emulator, running; with `--check`, walked
//! through by machine.

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

/// Starts both servers and waits for Ctrl-C, which ends them.
pub fn run(workshop: &Workshop, port: u16) -> Result<()> {
    loopback::check_port(port)?;
    build::run(workshop)?;
    let mut servers = Servers::start(workshop, port)?;
    let say = |line: &str| workshop.progress.say(line);
    say("");
    say(&format!("  The guarded Worker   {}", servers.app));
    say(&format!(
        "  The e-mails it sends {}",
        servers.emulator.outbox()
    ));
    say("");
    say("  Ctrl-C ends both.");
    while !interrupted() {
        servers.check()?;
        sleep(Duration::from_millis(100));
    }
    drop(servers);
    workshop.progress.say("\nok    both ended");
    Ok(())
}

/// Walks the journey over HTTP and in Chromium, and fails at the first wrong step.
pub fn check(workshop: &Workshop) -> Result<()> {
    let chromium = chromium::find_or_install(workshop)?;
    build::run(workshop)?;
    node::install(workshop, Folder::Tests)?;
    let servers = Servers::start(workshop, loopback::free_port()?)?;
    let transcript = Transcript::new(&workshop.progress);
    let walked = journey::walk(&servers, &transcript)
        .and_then(|()| guard::walk(&servers, &transcript))
        .and_then(|()| browser::walk(workshop, &servers, &transcript, &chromium));
    workshop.progress.say(&transcript.tally());
    walked
}

/// Wrangler's own default.
pub const DEFAULT_PORT: u16 = 8787;
