//! The reasons to exit: a signal, or the end of stdin.

use std::io::{self, Read as _};

use tokio::sync::oneshot;

/// Returns a future that completes when the program must exit. The signal handlers are active when this function
/// returns, not only from the first await.
pub fn ended(with_stdin: bool) -> Result<impl Future<Output = ()>, String> {
    let signalled = signalled().map_err(|error| format!("cannot listen for signals: {error}"))?;
    let stdin = with_stdin.then(stdin_closes);
    let stdin = async move {
        match stdin {
            Some(closes) => drop(closes.await),
            None => std::future::pending().await,
        }
    };
    Ok(async move {
        tokio::select! {
            () = signalled => {}
            () = stdin => {}
        }
    })
}

#[cfg(unix)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};

    let (mut interrupt, mut stop) = (ctrl_c()?, ctrl_break()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = stop.recv() => {}
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
