//! `--persist`: a file that keeps the state of the emulator from one start to the next.
//!
//! The file is a snapshot, so it contains secrets and private keys. Only the user may read it. It is replaced as a
//! whole, so that it is complete even if the program is killed while it writes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use stytch_emulator::Emulator;
use tokio::sync::Notify;

/// The file of the state.
pub struct Persisted {
    path: PathBuf,
    /// The content of the file, as far as this program knows it.
    written: Mutex<String>,
}

impl Persisted {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            written: Mutex::new(String::new()),
        }
    }

    /// Restores the state of the file. Without a file, the emulator stays unchanged. If `is_start`, a reset returns to the
    /// state of the file.
    pub fn load(&self, emulator: &mut Emulator, is_start: bool) -> Result<(), String> {
        let named = |error: String| format!("--persist {}: {error}", self.path.display());
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(named(error.to_string())),
        };
        emulator
            .restore(&text)
            .map_err(|error| named(error.to_string()))?;
        if is_start {
            emulator.start_here();
        }
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = text;
        Ok(())
    }

    /// Writes the state if it has changed.
    pub fn save(&self, emulator: &Mutex<Emulator>) -> Result<(), String> {
        let snapshot = emulator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .snapshot();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written == snapshot {
            return Ok(());
        }
        replace(&self.path, snapshot.as_bytes())
            .map_err(|error| format!("--persist {}: {error}", self.path.display()))?;
        *written = snapshot;
        Ok(())
    }
}

/// Writes the state at the start and after requests, at most once per second, forever. `requested` is notified of each
/// request. Returns an error if the file cannot be written. Without a file, it never returns.
pub async fn keep(
    persisted: Option<&Persisted>,
    emulator: &Mutex<Emulator>,
    requested: &Notify,
) -> Result<(), String> {
    let Some(persisted) = persisted else {
        return std::future::pending().await;
    };
    loop {
        persisted.save(emulator)?;
        tokio::time::sleep(PAUSE).await;
        requested.notified().await;
    }
}

/// Writes another file and renames it.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let mut options = fs::OpenOptions::new();
    // The file of an earlier, interrupted write can have another mode.
    drop(fs::remove_file(&new));
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(new, path)
}

const PAUSE: Duration = Duration::from_secs(1);
