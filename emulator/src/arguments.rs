//! The command line of `stytch-emulator`.

use std::path::PathBuf;

use clap::Parser;
use serde_json::json;
use stytch_emulator::{FrontError, Seed, SeedError};

/// An emulated Stytch API for tests
#[derive(Parser)]
#[command(name = "stytch-emulator", version)]
pub struct Arguments {
    /// Port to listen on; 0 selects a free port
    #[arg(long, default_value_t = 4010)]
    pub port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Further host name under which clients reach the emulator; can be repeated
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Users, organizations, credentials and settings at the start, in JSON or YAML
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,
    /// File that keeps the state; if it exists, the emulator starts with its state
    #[arg(long, value_name = "FILE")]
    pub persist: Option<PathBuf>,
    /// Origin whose pages may send requests, for example http://localhost:3000
    #[arg(long, value_name = "ORIGIN")]
    pub cors: Option<String>,
    /// URL that receives the webhooks; http only
    #[arg(long, value_name = "URL")]
    pub webhook: Option<String>,
    /// ID of the consumer project; random by default
    #[arg(long)]
    pub project_id: Option<String>,
    /// Secret of the consumer project; random by default
    #[arg(long)]
    pub secret: Option<String>,
    /// ID of the B2B project; random by default
    #[arg(long)]
    pub b2b_project_id: Option<String>,
    /// Secret of the B2B project; random by default
    #[arg(long)]
    pub b2b_secret: Option<String>,
    /// Folder whose files are served under /_emulator/static/
    #[arg(long, value_name = "DIR")]
    pub serve: Option<PathBuf>,
    /// Exit when stdin closes, so that the emulator does not outlive the process that started it
    #[arg(long)]
    pub end_with_stdin: bool,
    /// Do not print a line for each request
    #[arg(long)]
    pub quiet: bool,
}

impl Arguments {
    /// Reads the seed. The credentials of the command line replace those of the file.
    pub fn seed(&self) -> Result<Seed, String> {
        let mut seed = match &self.seed {
            None => Seed::default(),
            Some(path) => {
                let named = |error: String| format!("--seed {}: {error}", path.display());
                let text = std::fs::read_to_string(path);
                let text = text.map_err(|error| named(error.to_string()))?;
                Seed::parse(&text).map_err(|error| named(error.to_string()))?
            }
        };
        for (_, [project, member], value) in self.credentials() {
            if let Some(value) = value {
                seed.set(&[project, member], json!(value));
            }
        }
        Ok(seed)
    }

    /// Adds the option to the message about an invalid value of the seed.
    pub fn name_option(&self, error: &SeedError) -> String {
        let credentials = self.credentials();
        let given = credentials.iter().find(|(_, path, value)| {
            value.is_some() && error.path().split('.').eq(path.iter().copied())
        });
        match (given, &self.seed) {
            (Some((option, ..)), _) => format!("{option}: {}", error.message()),
            (None, Some(path)) => format!("--seed {}: {error}", path.display()),
            (None, None) => error.to_string(),
        }
    }

    /// The options that replace members of the seed.
    fn credentials(&self) -> [(&'static str, [&'static str; 2], Option<&str>); 4] {
        [
            (
                "--project-id",
                ["consumer", "project_id"],
                self.project_id.as_deref(),
            ),
            ("--secret", ["consumer", "secret"], self.secret.as_deref()),
            (
                "--b2b-project-id",
                ["b2b", "project_id"],
                self.b2b_project_id.as_deref(),
            ),
            (
                "--b2b-secret",
                ["b2b", "secret"],
                self.b2b_secret.as_deref(),
            ),
        ]
    }
}

/// Adds the option to the message about an invalid host or origin.
pub fn name_option_of_front(error: &FrontError) -> String {
    match error {
        FrontError::Host(_) => format!("--host or --allow-host: {error}"),
        FrontError::Origin(_) => format!("--cors: {error}"),
    }
}
