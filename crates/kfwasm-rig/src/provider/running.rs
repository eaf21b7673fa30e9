use std::io::Write;
use std::path::PathBuf;
use std::process::{ChildStdin, Command};
use std::time::Duration;

use tempfile::TempDir;

use super::ProviderSettings;
use crate::process::Process;
use crate::{Log, Parts, ProviderHost, Response, RigError, claim_port, exchange, wait_until};

const PATIENCE: Duration = Duration::from_secs(30);
const ADVICE: &str = "install Node.js 20 or newer";

/// A running OpenID provider. It ends when this value is dropped.
#[derive(Debug)]
pub struct Provider {
    settings: ProviderSettings,
    script_folder: PathBuf,
    running: Option<Running>,
    log_folder: TempDir,
}

#[derive(Debug)]
struct Running {
    process: Process,
    /// It ends when this closes, even if we are killed.
    _input: ChildStdin,
}

impl Provider {
    /// Starts the provider and waits until it listens.
    ///
    /// # Errors
    /// The port is in use, Node.js is missing, or the provider ended at once.
    pub fn start(parts: &Parts, settings: ProviderSettings) -> Result<Self, RigError> {
        let log_folder = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
        let mut provider = Self {
            settings,
            script_folder: parts.provider.clone(),
            running: None,
            log_folder,
        };
        provider.resume()?;
        Ok(provider)
    }

    /// Its issuer identifier, without trailing slash.
    #[must_use]
    pub fn issuer(&self) -> String {
        let port = self.settings.port;
        match &self.settings.tls {
            Some(tls) => format!("https://{}:{port}", tls.host),
            None => format!("http://127.0.0.1:{port}"),
        }
    }

    /// What a gateway must be able to call.
    #[must_use]
    pub fn host(&self) -> ProviderHost {
        let tls = self.settings.tls.as_ref();
        ProviderHost {
            tls: tls.is_some(),
            host: tls.map_or_else(|| "127.0.0.1".to_owned(), |tls| tls.host.clone()),
            port: self.settings.port,
        }
    }

    /// How it was set up.
    #[must_use]
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// How often this path was asked for since it last started.
    ///
    /// # Errors
    /// When it does not answer by plain http.
    pub fn asked(&self, path: &str) -> Result<u64, RigError> {
        Ok(self
            .tell("/rig/asked")?
            .json()
            .get(path)
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0))
    }

    /// Lets the tokens that it issues from now on live for so many seconds.
    ///
    /// # Errors
    /// When it does not answer by plain http.
    pub fn issue_tokens_for(&self, seconds: u32) -> Result<(), RigError> {
        self.tell(&format!("/rig/token-seconds/{seconds}"))?;
        Ok(())
    }

    fn tell(&self, path: &str) -> Result<Response, RigError> {
        let authority = self.host().authority();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        exchange(&authority, request.as_bytes())
    }

    /// Ends it, as an outage would. [`Provider::resume`] ends the outage.
    pub fn pause(&mut self) {
        self.running = None;
    }

    /// Starts it again on the same port. It has forgotten every session and has new signing keys.
    ///
    /// # Errors
    /// As for [`Provider::start`].
    pub fn resume(&mut self) -> Result<(), RigError> {
        self.running = None;
        claim_port(self.settings.port)?;
        let mut command = Command::new("node");
        command.arg(self.script_folder.join("provider.mjs"));
        let mut process =
            Process::start(command, self.log_folder.path().join("provider.log"), ADVICE)?;
        let input = hand_over(&mut process, &self.settings)?;
        wait_until_listening(&mut process)?;
        self.running = Some(Running {
            process,
            _input: input,
        });
        Ok(())
    }

    /// What it prints; `None` while it is paused.
    #[must_use]
    pub fn log(&self) -> Option<&Log> {
        self.running.as_ref().map(|running| running.process.log())
    }
}

/// Its settings go in by standard input, where no other user of the machine can read them.
fn hand_over(process: &mut Process, settings: &ProviderSettings) -> Result<ChildStdin, RigError> {
    let line = serde_json::to_string(settings).map_err(|error| did_not_start(error.to_string()))?;
    let mut input = process
        .take_input()
        .ok_or_else(|| did_not_start("it has no input".to_owned()))?;
    writeln!(input, "{line}").map_err(RigError::io("tell the provider its settings"))?;
    Ok(input)
}

fn wait_until_listening(process: &mut Process) -> Result<(), RigError> {
    wait_until("the provider to listen", PATIENCE, || {
        if process
            .log()
            .lines()
            .iter()
            .any(|line| line.starts_with("{\"issuer\":"))
        {
            return Some(Ok(()));
        }
        process
            .ended()
            .map(|_| Err(did_not_start(process.log().tail(10))))
    })?
}

fn did_not_start(reason: String) -> RigError {
    RigError::DidNotStart {
        part: "OpenID provider",
        reason,
    }
}
