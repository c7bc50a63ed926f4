//! `stytch-emulator`: the emulator as a program, on a loopback port.
//!
//! When it is ready it prints one line of JSON on stdout: its address and the credentials of its two projects. It ends
//! on SIGINT, SIGTERM and, if asked to, with its stdin. What goes wrong before that is one line on stderr.

mod server;
mod static_files;

use std::io::{self, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use rand_chacha::rand_core::{OsRng, RngCore as _};
use serde_json::json;
use stytch_emulator::{Credentials, Emulator, Settings};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// A Stytch API that fits in a test, on a loopback port
#[derive(Parser)]
#[command(name = "stytch-emulator")]
struct Arguments {
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The consumer project's id; made up if not given
    #[arg(long)]
    project_id: Option<String>,
    /// The consumer project's secret; made up if not given
    #[arg(long)]
    secret: Option<String>,
    /// The B2B project's id; made up if not given
    #[arg(long)]
    b2b_project_id: Option<String>,
    /// The B2B project's secret; made up if not given
    #[arg(long)]
    b2b_secret: Option<String>,
    /// A folder whose files are served under /_emulator/static/
    #[arg(long, value_name = "DIR")]
    serve: Option<PathBuf>,
    /// End when stdin closes, so that no emulator outlives whoever started it
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
        Err(error) => Err(error.to_string()),
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
            "--serve needs a folder, and {} is none",
            folder.display()
        ));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await;
    let listener = listener
        .map_err(|error| format!("cannot listen on 127.0.0.1:{}: {error}", arguments.port))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;

    let mut seed = [0; 32];
    OsRng.fill_bytes(&mut seed);
    let settings = settings(&arguments);
    let ready = json!({
        "url": format!("http://{address}"),
        "consumer": { "project_id": settings.consumer.project_id, "secret": settings.consumer.secret },
        "b2b": { "project_id": settings.b2b.project_id, "secret": settings.b2b.secret },
    });
    let emulator = Emulator::new(settings, seed).map_err(|error| error.to_string())?;
    let ended = ended(arguments.end_with_stdin.then(stdin_closes))?;
    // Whoever reads the line may call at once: connections wait in the listener's queue until `run` accepts them.
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

/// Comes true when the program is to end. The signals are listened for from here on, not from the first await.
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

/// Reads stdin to its end on a thread of its own, because such a read cannot be called off: it ends with the process.
fn stdin_closes() -> oneshot::Receiver<()> {
    let (held_while_open, closes) = oneshot::channel();
    std::thread::spawn(move || {
        let _held_while_open: oneshot::Sender<()> = held_while_open;
        while matches!(io::stdin().read(&mut [0; 256]), Ok(1..)) {}
    });
    closes
}
