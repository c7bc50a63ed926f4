//! `stytch-emulator`: the emulator as a program, on a loopback port unless `--host` chooses another address.
//!
//! When the program is ready, it prints one line of JSON to stdout: its URL and the credentials of its two projects.
//! Then it prints one line per request to stderr. It exits on SIGINT and SIGTERM (on Windows, on Ctrl-C and
//! Ctrl-Break), and with `--end-with-stdin` also when its stdin closes. If it cannot start, it prints one line to stderr
//! and exits with status 1.

mod arguments;
mod broken;
mod deliver;
mod end;
mod persist;
mod server;
mod static_files;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser as _;
use rand_chacha::rand_core::{OsRng, RngCore as _};
use serde_json::json;
use stytch_emulator::{Emulator, Fresh, Front, UnixSeconds};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use arguments::Arguments;
use deliver::Receiver;
use persist::Persisted;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(format!("cannot start the async runtime: {error}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("stytch-emulator: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    if let Some(folder) = arguments.serve.as_deref().filter(|folder| !folder.is_dir()) {
        return Err(format!(
            "--serve must name an existing folder, and {} is not one",
            folder.display()
        ));
    }
    let receiver = arguments
        .webhook
        .as_deref()
        .map(Receiver::parse)
        .transpose();
    let receiver = receiver.map_err(|error| format!("--webhook: {error}"))?;
    let seed = arguments.seed()?;
    let listener = TcpListener::bind((arguments.host.as_str(), arguments.port)).await;
    let listener = listener.map_err(|error| {
        let Arguments { host, port, .. } = &arguments;
        format!("cannot listen on {host} (--host), port {port} (--port): {error}")
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("cannot read the port of the listener: {error}"))?;
    let front = Front::new(
        &arguments.host,
        address.port(),
        &arguments.allow_host,
        arguments.cors.as_deref(),
    );
    let front = front.map_err(|error| arguments::name_option_of_front(&error))?;

    let mut fresh = Fresh::default();
    OsRng.fill_bytes(&mut fresh.random);
    let emulator = Emulator::from_seed(&seed, &fresh, now());
    let mut emulator = emulator.map_err(|error| arguments.name_option(&error))?;
    let persisted = arguments.persist.clone().map(Persisted::new);
    if let Some(persisted) = &persisted {
        // A reset must not change the credentials that the ready line contains. Without a seed, the emulator at the start has
        // other random credentials than the file.
        persisted.load(&mut emulator, arguments.seed.is_none())?;
    }
    let settings = emulator.settings();
    let ready = json!({
        "url": format!("http://{address}"),
        "version": env!("CARGO_PKG_VERSION"),
        "consumer": { "project_id": settings.consumer.project_id, "secret": settings.consumer.secret },
        "b2b": { "project_id": settings.b2b.project_id, "secret": settings.b2b.secret },
        // They are not next to the secrets, because the clients of a server refuse unknown options.
        "public_tokens": { "consumer": settings.consumer.public_token(), "b2b": settings.b2b.public_token() },
        "webhook_secret": emulator.webhook_secret(),
    });
    let emulator = Arc::new(Mutex::new(emulator));
    let ended = end::ended(arguments.end_with_stdin)?;
    // A client may connect as soon as it reads the line. Its connection waits in the listener's queue until `run`
    // accepts it.
    writeln!(io::stdout(), "{ready}")
        .map_err(|error| format!("cannot write to stdout: {error}"))?;
    let requested = Arc::new(Notify::new());
    let server = server::Server {
        emulator: Arc::clone(&emulator),
        front,
        serve: arguments.serve,
        logs: !arguments.quiet,
        requested: Arc::clone(&requested),
    };
    if let Some(receiver) = receiver {
        tokio::spawn(deliver::deliver(Arc::clone(&emulator), receiver, now));
    }
    tokio::select! {
        () = Arc::new(server).run(listener) => {}
        outcome = persist::keep(persisted.as_ref(), &emulator, &requested) => outcome?,
        () = ended => {}
    }
    persisted.map_or(Ok(()), |persisted| persisted.save(&emulator))
}

/// Returns the time of the machine.
fn now() -> UnixSeconds {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixSeconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
