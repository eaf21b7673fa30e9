//! Other programs, run to their end.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::workspace;

/// A program that is run in the workspace's root, and what to do when it is not there.
pub(crate) struct Program {
    command: Command,
    advice: &'static str,
}

impl Program {
    /// The cargo that runs us.
    pub(crate) fn cargo() -> Self {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(cargo, "install Rust by rustup")
    }

    /// Cargo, with the tests of this folder of `tests/`.
    pub(crate) fn tests(name: &str) -> Self {
        Self::cargo()
            .args(["test", "--quiet", "--locked", "--package", "kfwasm-tests"])
            .args(["--test", name])
    }

    pub(crate) fn rustc() -> Self {
        Self::new("rustc", "install Rust by rustup")
    }

    pub(crate) fn rustup() -> Self {
        Self::new(
            "rustup",
            "install Rust by rustup, or its wasm32-wasip1 target by hand",
        )
    }

    pub(crate) fn python() -> Self {
        Self::new("python3", "install Python 3.11 or newer, with pip")
    }

    pub(crate) fn node() -> Self {
        Self::new("node", "install Node.js 20 or newer")
    }

    pub(crate) fn go() -> Self {
        Self::new("go", "install Go 1.26 or newer")
    }

    pub(crate) fn redis() -> Self {
        Self::new("redis-server", "install Debian's package redis-server")
    }

    pub(crate) fn npm() -> Self {
        Self::new("npm", "install Node.js 20 or newer, with npm")
    }

    /// One below target/tools.
    pub(crate) fn fetched(program: &Path) -> Self {
        Self::new(program, "remove its folder, and it is fetched anew")
    }

    fn new(program: impl AsRef<OsStr>, advice: &'static str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(workspace::root());
        Self { command, advice }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with its output shown.
    pub(crate) fn run(mut self) -> Result<()> {
        let status = self
            .command
            .status()
            .map_err(|error| self.not_started(error))?;
        if !status.success() {
            bail!("{} ended with {status}", self.line());
        }
        Ok(())
    }

    /// Runs it with its output kept back, and shown only when it fails.
    pub(crate) fn run_quietly(self) -> Result<()> {
        self.output().map(|_| ())
    }

    /// Runs it for its output, which is shown when it fails.
    pub(crate) fn output(mut self) -> Result<Vec<u8>> {
        let output = self
            .command
            .output()
            .map_err(|error| self.not_started(error))?;
        if !output.status.success() {
            let [said, complained] =
                [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
            bail!(
                "{} ended with {}\n{said}{complained}",
                self.line(),
                output.status
            );
        }
        Ok(output.stdout)
    }

    /// Runs it with its output shown; whether it was content.
    pub(crate) fn succeeds(mut self) -> Result<bool> {
        let status = self.command.status();
        Ok(status.map_err(|error| self.not_started(error))?.success())
    }

    /// What to do about it, where there is no such program on this machine.
    pub(crate) fn missing(mut self) -> Option<String> {
        let command = self.command.arg("--version").stdout(Stdio::null());
        let status = command.stderr(Stdio::null()).status();
        let is_missing = status.is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        let name = self.command.get_program().to_string_lossy();
        is_missing.then(|| format!("{name} was not found: {}", self.advice))
    }

    /// The command itself, for who wants to read its output.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    fn not_started(&self, error: io::Error) -> anyhow::Error {
        let name = self.command.get_program().to_string_lossy().into_owned();
        match error.kind() {
            io::ErrorKind::NotFound => anyhow::anyhow!("{name} was not found\n    {}", self.advice),
            _ => anyhow::Error::new(error).context(format!("cannot start {name}")),
        }
    }

    fn line(&self) -> String {
        let words = [self.command.get_program()]
            .into_iter()
            .chain(self.command.get_args());
        words
            .map(|word| word.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
            .join(" ")
    }
}
