use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::admin::Admin;
use crate::process::Process;
use crate::{Log, RigError, wait_until};

/// Long enough for an Envoy that Valgrind counts the instructions of.
const PATIENCE: Duration = Duration::from_secs(120);
const ADVICE: &str = "start by `cargo xtask demo` or `cargo xtask test`, which fetch Envoy";

/// What Envoy writes to its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    /// Warnings alone.
    Warnings,
    /// Also every line of the module.
    Decisions,
}

/// Envoy's process and its administration interface.
#[derive(Debug)]
pub(super) struct Envoy {
    process: Process,
    pub(super) admin: Admin,
}

impl Envoy {
    /// Starts Envoy with this configuration, its files and its log in `folder`, and waits until it can be asked.
    pub(super) fn start(
        program: &Path,
        folder: &Path,
        bootstrap: &Value,
        workers: u8,
        environment: &BTreeMap<String, String>,
        loudness: Loudness,
    ) -> Result<Self, RigError> {
        let config = folder.join("envoy.json");
        fs::write(&config, format!("{bootstrap:#}"))
            .map_err(RigError::io(format!("write {}", config.display())))?;
        let admin = folder.join("admin-address");
        // Left over from an earlier start in the same folder, it would name a port that is gone.
        let _ = fs::remove_file(&admin);
        let mut command = Command::new(program);
        command
            .arg("--config-path")
            .arg(config)
            .arg("--admin-address-path")
            .arg(&admin);
        command.args(["--disable-hot-restart", "--log-level", "warning"]);
        if loudness == Loudness::Decisions {
            command.args(["--component-log-level", "wasm:debug"]);
        }
        command
            .args(["--concurrency", &workers.to_string()])
            .envs(environment);
        let process = Process::start(command, folder.join("envoy.log"), ADVICE)?;
        Self::wait_for_admin(process, &admin)
    }

    fn wait_for_admin(mut process: Process, address_file: &Path) -> Result<Self, RigError> {
        let found = wait_until("Envoy to start", PATIENCE, || {
            match Admin::find(address_file) {
                Some(admin) => Some(Ok(admin)),
                None => process.ended().map(Err),
            }
        })?;
        match found {
            Ok(admin) => Ok(Self { process, admin }),
            Err(status) => Err(refusal(process.log(), &format!("it ended with {status}: "))),
        }
    }

    pub(super) fn log(&self) -> &Log {
        self.process.log()
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.process.ended().is_some()
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub(super) fn stop(&mut self) {
        self.process.stop();
    }

    /// That Envoy refused what it was given, in its own words.
    pub(super) fn refusal(&self) -> RigError {
        refusal(self.log(), "")
    }
}

fn refusal(log: &Log, before: &str) -> RigError {
    RigError::EnvoyRefused {
        reason: format!("{before}{}", complaint(log)),
        log: log.path().to_owned(),
    }
}

/// What marks the lines of Envoy's log that say why it refused something.
const LOUD: [&str; 4] = ["[warning][wasm]", "[error]", "[critical]", "rejected"];

/// Those lines, without Envoy's own prefix.
fn complaint(log: &Log) -> String {
    let lines = log.lines();
    let loud = lines
        .iter()
        .filter(|line| LOUD.iter().any(|mark| line.contains(mark)));
    let texts = loud.map(|line| without_prefix(line)).collect::<Vec<_>>();
    if texts.is_empty() {
        log.tail(5)
    } else {
        texts.join("; ")
    }
}

/// Envoy writes `[time][thread][level][component] [file.cc:line] text`.
fn without_prefix(line: &str) -> &str {
    let after = line
        .split_once(".cc:")
        .and_then(|(_, rest)| rest.split_once("] "));
    after.map_or(line, |(_, text)| text)
}
