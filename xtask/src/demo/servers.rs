//! The two servers of the demo: the emulator, and the example in `wrangler dev`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::emulator::{self, Emulator};
use crate::loopback::Browser;
use crate::process::{Group, check_interrupted};
use crate::setup::node::{self, Folder};
use crate::workshop::{Workshop, last_line};

/// The running servers. They end when this is dropped.
pub struct Servers {
    /// The URL of the example, without a slash at the end.
    pub app: String,
    /// The emulator, which is the API for the example.
    pub emulator: Emulator,
    wrangler: Group,
    log: PathBuf,
}

impl Servers {
    /// Starts both and waits until the example responds.
    pub fn start(workshop: &Workshop, port: u16) -> Result<Self> {
        let tools = node::bin_folder(workshop, Folder::WorkerExample)?;
        let binary = emulator::binary(workshop)?;
        let emulator = Emulator::start(&binary)?;
        let log = workshop.project.log("wrangler")?;
        let mut command = wrangler(workshop, &tools, port, &emulator)?;
        let output = fs::File::create(&log)?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let mut servers = Self {
            app: format!("http://127.0.0.1:{port}"),
            emulator,
            wrangler: Group::spawn(&mut command)?,
            log,
        };
        let activity = workshop.progress.begin("start wrangler dev");
        let waited = servers.wait_for_response(|log| activity.doing(&last_line(log)));
        if let Err(error) = waited {
            activity.failed("");
            workshop.show_tail(&servers.log);
            return Err(error);
        }
        activity.done("");
        Ok(servers)
    }

    /// Fails if wrangler has ended.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.wrangler.ended()? {
            bail!(
                "wrangler dev has ended ({status}); its output is in {}",
                self.log.display()
            );
        }
        Ok(())
    }

    fn wait_for_response(&mut self, each_beat: impl Fn(&Path)) -> Result<()> {
        let started = Instant::now();
        // wrangler listens before the Worker runs, and delays requests until then.
        while Browser::new().get(&self.app).is_err() {
            check_interrupted()?;
            self.check()?;
            if started.elapsed() > START_LIMIT {
                bail!(
                    "wrangler dev did not respond within {} s",
                    START_LIMIT.as_secs()
                );
            }
            each_beat(&self.log);
            sleep(Duration::from_millis(200));
        }
        Ok(())
    }
}

fn wrangler(workshop: &Workshop, tools: &Path, port: u16, emulator: &Emulator) -> Result<Command> {
    let folder = workshop.project.target("demo");
    fs::create_dir_all(&folder)?;
    // The secret is in a file, because all users of the machine can read command lines.
    let variables = folder.join("worker.env");
    let lines = [
        ("STYTCH_PROJECT_ID", &emulator.project_id),
        ("STYTCH_SECRET", &emulator.secret),
        ("STYTCH_BASE_URL", &emulator.url),
    ]
    .map(|(name, value)| format!("{name}={value}\n"));
    fs::write(&variables, lines.concat())
        .with_context(|| format!("cannot write {}", variables.display()))?;

    let mut path = vec![tools.to_path_buf()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let mut command = Command::new(tools.join("wrangler"));
    command
        .args([
            "dev",
            "--local",
            "--ip",
            "127.0.0.1",
            "--inspector-port",
            "0",
        ])
        .args(["--show-interactive-dev-session=false", "--port"])
        .arg(port.to_string())
        .arg("--env-file")
        .arg(&variables)
        .arg("--persist-to")
        .arg(folder.join("state"))
        .current_dir(workshop.project.path(Folder::WorkerExample.path()))
        // wrangler requires a newer Node than the package. The example installs it, so it must come first in PATH.
        .env("PATH", env::join_paths(path)?)
        .envs(QUIET);
    Ok(command)
}

/// Disables all requests of wrangler to servers outside of this machine, and its log files.
const QUIET: [(&str, &str); 6] = [
    ("WRANGLER_SEND_METRICS", "false"),
    ("WRANGLER_SEND_ERROR_REPORTS", "false"),
    ("WRANGLER_WRITE_LOGS", "false"),
    // The banner also looks for a newer version.
    ("WRANGLER_HIDE_BANNER", "true"),
    ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ("NO_COLOR", "1"),
];
const START_LIMIT: Duration = Duration::from_secs(90);
