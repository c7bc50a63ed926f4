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

/// Both, until this is dropped.
pub struct Servers {
    /// Where the example listens, without a slash at the end.
    pub app: String,
    /// The API that it uses.
    pub emulator: Emulator,
    wrangler: Group,
    log: PathBuf,
}

impl Servers {
    /// Starts both and waits until the example answers.
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
        let waited = servers.wait_for_answer(|log| activity.doing(&last_line(log)));
        if let Err(error) = waited {
            activity.failed("");
            workshop.show_tail(&servers.log);
            return Err(error);
        }
        activity.done("");
        Ok(servers)
    }

    /// Fails in one line if wrangler has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.wrangler.ended()? {
            bail!(
                "wrangler dev ended by itself ({status}); its output is in {}",
                self.log.display()
            );
        }
        Ok(())
    }

    fn wait_for_answer(&mut self, each_beat: impl Fn(&Path)) -> Result<()> {
        let started = Instant::now();
        // wrangler listens before the Worker runs, and then holds the request.
        while Browser::new().get(&self.app).is_err() {
            check_interrupted()?;
            self.check()?;
            if started.elapsed() > START_LIMIT {
                bail!(
                    "wrangler dev did not answer within {} s",
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
    // A file, because everybody on the machine can read a command line.
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
        // wrangler wants a newer Node than the package does; its own comes first.
        .env("PATH", env::join_paths(path)?)
        .envs(QUIET);
    Ok(command)
}

/// Nothing of the demo leaves this machine.
const QUIET: [(&str, &str); 6] = [
    ("WRANGLER_SEND_METRICS", "false"),
    ("WRANGLER_SEND_ERROR_REPORTS", "false"),
    ("WRANGLER_WRITE_LOGS", "false"),
    // With the banner goes a look for a newer version.
    ("WRANGLER_HIDE_BANNER", "true"),
    ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ("NO_COLOR", "1"),
];
const START_LIMIT: Duration = Duration::from_secs(90);
