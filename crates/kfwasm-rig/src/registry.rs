use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::{Process, Response, RigError, exchange, free_port, wait_until};

const PATIENCE: Duration = Duration::from_secs(30);
const ADVICE: &str = "run by `cargo xtask test cli`, which builds it";
/// The robot, whose password is "word".
const USERS: &str = "robot:$2b$04$xUDStaIlf/XhN.REkB4qgeApMIV18zEFmLYEMZMRWOcxHFfz3eWke\n";

/// A real OCI registry on loopback, which forgets everything when it ends.
#[derive(Debug)]
pub struct Registry {
    authority: String,
    _process: Process,
    _folder: TempDir,
}

impl Registry {
    /// One that lets everybody in.
    ///
    /// # Errors
    /// When the program is missing, or does not answer.
    pub fn start(program: &Path) -> Result<Self, RigError> {
        Self::with(program, folder()?, "")
    }

    /// One that lets the robot in, whose password is "word", and nobody else.
    ///
    /// # Errors
    /// As for [`Registry::start`].
    pub fn start_with_password(program: &Path) -> Result<Self, RigError> {
        let folder = folder()?;
        let users = folder.path().join("users");
        fs::write(&users, USERS).map_err(RigError::io("write the registry's users"))?;
        let path = users.display();
        let auth = format!("auth: {{htpasswd: {{realm: test, path: {path}}}}}\n");
        Self::with(program, folder, &auth)
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// What it answers at that path, to who accepts that.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn get(&self, path: &str, accept: &str) -> Result<Response, RigError> {
        let host = &self.authority;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: {accept}\r\nconnection: close\r\n\r\n"
        );
        exchange(host, request.as_bytes())
    }

    fn with(program: &Path, folder: TempDir, more: &str) -> Result<Self, RigError> {
        let authority = format!("127.0.0.1:{}", free_port()?);
        let config = folder.path().join("config.yml");
        let text = format!(
            "version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: \"{authority}\"}}\n{more}"
        );
        fs::write(&config, text).map_err(RigError::io("write the registry's settings"))?;
        let mut command = Command::new(program);
        command
            .arg("serve")
            .arg(&config)
            .env("OTEL_TRACES_EXPORTER", "none");
        let process = Process::start(command, folder.path().join("log"), ADVICE)?;
        let registry = Self {
            authority,
            _process: process,
            _folder: folder,
        };
        wait_until("the registry to answer", PATIENCE, || {
            registry.get("/v2/", "*/*").ok()
        })?;
        Ok(registry)
    }
}

fn folder() -> Result<TempDir, RigError> {
    tempfile::tempdir().map_err(RigError::io("create a temporary folder"))
}
