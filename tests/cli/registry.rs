//! A real OCI registry on loopback, which forgets everything when it ends.

use std::fs;
use std::time::Duration;

use kfwasm_rig::{Process, Response, RigError, exchange, free_port, wait_until};
use tempfile::TempDir;

use crate::programs;

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Registry {
    pub(crate) authority: String,
    folder: TempDir,
    _process: Process,
}

impl Registry {
    pub(crate) fn start() -> Result<Self, RigError> {
        Self::with("")
    }

    /// One that lets the robot in, whose password is "word", and nobody else.
    pub(crate) fn with_password() -> Result<Self, RigError> {
        let folder = TempDir::new().unwrap();
        let users = folder.path().join("users");
        fs::write(
            &users,
            "robot:$2b$04$xUDStaIlf/XhN.REkB4qgeApMIV18zEFmLYEMZMRWOcxHFfz3eWke\n",
        )
        .unwrap();
        let registry = Self::with(&format!(
            "auth: {{htpasswd: {{realm: test, path: {}}}}}\n",
            users.display()
        ));
        let mut registry = registry?;
        registry.folder = folder;
        Ok(registry)
    }

    fn with(more: &str) -> Result<Self, RigError> {
        let folder = TempDir::new().unwrap();
        let authority = format!("127.0.0.1:{}", free_port()?);
        let config = folder.path().join("config.yml");
        let text = format!(
            "version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: \"{authority}\"}}\n{more}"
        );
        fs::write(&config, text).unwrap();
        let mut command = programs::registry();
        command
            .arg("serve")
            .arg(&config)
            .env("OTEL_TRACES_EXPORTER", "none");
        let log = folder.path().join("log");
        let process = Process::start(command, log, "run by cargo xtask test cli, which builds it")?;
        let registry = Self {
            authority,
            folder,
            _process: process,
        };
        wait_until("the registry to answer", PATIENCE, || {
            registry.get("/v2/", "*/*").ok()
        })?;
        Ok(registry)
    }

    pub(crate) fn get(&self, path: &str, accept: &str) -> Result<Response, RigError> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\naccept: {accept}\r\nconnection: close\r\n\r\n",
            self.authority
        );
        exchange(&self.authority, request.as_bytes())
    }
}
