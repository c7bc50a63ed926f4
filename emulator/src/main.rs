//! `stytch-emulator`: the emulator as a program, on a loopback port.
//!
//! When the program is ready, it prints one line of JSON to stdout: its URL and the credentials of its two projects. It
//! exits on SIGINT and SIGTERM, and with `--end-with-stdin` also when its stdin closes. If it cannot start, it prints
//! one line to stderr and exits with status 1.

mod broken;
mod server;
mod static_files;

use std::io::{self, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use rand_chacha::rand_core::{OsRng, RngCore as _};
use serde_json::json;
use stytch_emulator::{Credentials, Emulator, Settings, SetupError};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// An emulated Stytch API for tests, on a loopback port
#[derive(Parser)]
#[command(name = "stytch-emulator")]
struct Arguments {
    /// Port to listen on; 0 selects a free port
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// ID of the consumer project; random by default
    #[arg(long)]
    project_id: Option<String>,
    /// Secret of the consumer project; random by default
    #[arg(long)]
    secret: Option<String>,
    /// ID of the B2B project; random by default
    #[arg(long)]
    b2b_project_id: Option<String>,
    /// Secret of the B2B project; random by default
    #[arg(long)]
    b2b_secret: Option<String>,
    /// Folder whose files are served under /_emulator/static/
    #[arg(long, value_name = "DIR")]
    serve: Option<PathBuf>,
    /// Exit when stdin closes, so that the emulator does not outlive the process that started it
    #[arg(long)]
    end_with_stdin: bool,
}

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
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await;
    let listener = listener
        .map_err(|error| format!("cannot listen on port {} (--port): {error}", arguments.port))?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("cannot read the port of the listener: {error}"))?;

    let mut seed = [0; 32];
    OsRng.fill_bytes(&mut seed);
    let settings = settings(&arguments);
    let ready = json!({
        "url": format!("http://{address}"),
        "consumer": { "project_id": settings.consumer.project_id, "secret": settings.consumer.secret },
        "b2b": { "project_id": settings.b2b.project_id, "secret": settings.b2b.secret },
    });
    let emulator = Emulator::new(settings, seed).map_err(name_options)?;
    let ended = ended(arguments.end_with_stdin.then(stdin_closes))?;
    // A client may connect as soon as it reads the line. Its connection waits in the listener's queue until `run`
    // accepts it.
    writeln!(io::stdout(), "{ready}")
        .map_err(|error| format!("cannot write to stdout: {error}"))?;
    tokio::select! {
        () = server::Server::new(emulator, arguments.serve).run(listener) => {}
        () = ended => {}
    }
    Ok(())
}

fn settings(arguments: &Arguments) -> Settings {
    let mut seed = [0; 32];
    OsRng.fill_bytes(&mut seed);
    let drawn = Settings::from_seed(seed);
    let choose = |given: &Option<String>, drawn: String| given.clone().unwrap_or(drawn);
    Settings {
        consumer: Credentials {
            project_id: choose(&arguments.project_id, drawn.consumer.project_id),
            secret: choose(&arguments.secret, drawn.consumer.secret),
        },
        b2b: Credentials {
            project_id: choose(&arguments.b2b_project_id, drawn.b2b.project_id),
            secret: choose(&arguments.b2b_secret, drawn.b2b.secret),
        },
    }
}

/// Adds the command-line options to the message about an invalid setting.
fn name_options(error: SetupError) -> String {
    let options = match error {
        SetupError::ProjectId {
            product: "consumer",
        } => "--project-id",
        SetupError::ProjectId { .. } => "--b2b-project-id",
        SetupError::Secret {
            product: "consumer",
        } => "--secret",
        SetupError::Secret { .. } => "--b2b-secret",
        SetupError::SameProject => "--project-id and --b2b-project-id",
        _ => return error.to_string(),
    };
    format!("{options}: {error}")
}

/// Returns a future that completes when the program must exit. The signal handlers are active when this function
/// returns, not only from the first await.
fn ended(stdin: Option<oneshot::Receiver<()>>) -> Result<impl Future<Output = ()>, String> {
    let listen = |kind| signal(kind).map_err(|error| format!("cannot listen for signals: {error}"));
    let (mut interrupt, mut terminate) = (
        listen(SignalKind::interrupt())?,
        listen(SignalKind::terminate())?,
    );
    let stdin = async move {
        match stdin {
            Some(closes) => drop(closes.await),
            None => std::future::pending().await,
        }
    };
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = stdin => {}
        }
    })
}

/// Reads stdin to its end on a separate thread. Such a read cannot be cancelled, so the thread may run until the
/// process exits.
fn stdin_closes() -> oneshot::Receiver<()> {
    let (held_while_open, closes) = oneshot::channel();
    std::thread::spawn(move || {
        let _held_while_open: oneshot::Sender<()> = held_while_open;
        while matches!(io::stdin().read(&mut [0; 256]), Ok(1..)) {}
    });
    closes
}
