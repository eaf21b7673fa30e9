use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kfwasm_rig::{Process, Request, RigError, UserAgent, free_port, wait_until};
use serde_json::json;
use tempfile::TempDir;

use crate::{Authority, LocalNames};

const PATIENCE: Duration = Duration::from_secs(30);
const ADVICE: &str = "run `cargo xtask test cluster`, which builds it";
/// The name in its certificate.
const HOST: &str = "localhost";
/// So that it takes no time that nothing is learned from, refuses nothing at random, and asks about a host each time.
const ENVIRONMENT: [(&str, &str); 3] = [
    ("PEBBLE_VA_NOSLEEP", "1"),
    ("PEBBLE_WFE_NONCEREJECT", "0"),
    ("PEBBLE_AUTHZREUSE", "0"),
];

/// A running authority that speaks ACME (RFC 8555). It ends when this value is dropped.
#[derive(Debug)]
pub struct Pebble {
    port: u16,
    root: String,
    _process: Process,
    _folder: TempDir,
}

impl Pebble {
    /// Starts it, certified by that authority. It asks for challenges at those names, and finds the gateway's port 80 at that
    /// port of this machine.
    ///
    /// # Errors
    /// When the program is missing, or does not answer.
    pub fn start(
        program: &Path,
        authority: &Authority,
        names: &LocalNames,
        plain_port: u16,
    ) -> Result<Self, RigError> {
        let folder = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
        let (port, management) = (free_port()?, free_port()?);
        let settings = settings(folder.path(), authority, [port, management, plain_port])?;
        let mut command = names.command(program);
        command.arg("-config").arg(settings).envs(ENVIRONMENT);
        let process = Process::start(command, folder.path().join("log"), ADVICE)?;
        let mut browser = UserAgent::trusting(&authority.pem())?;
        let root = Request::navigation(&format!("https://{HOST}:{management}/roots/0"))?;
        let root = wait_until("pebble to answer", PATIENCE, || {
            browser.send(&root).ok().filter(|page| page.status == 200)
        })?;
        Ok(Self {
            port,
            root: root.text(),
            _process: process,
            _folder: folder,
        })
    }

    /// Its directory (RFC 8555 §7.1.1).
    #[must_use]
    pub fn directory(&self) -> String {
        format!("https://{HOST}:{}/dir", self.port)
    }

    /// What its certificates are trusted by, in PEM: another one each time that it starts.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }
}

fn settings(
    folder: &Path,
    authority: &Authority,
    [port, management, plain_port]: [u16; 3],
) -> Result<PathBuf, RigError> {
    let certified = authority.certify(&[HOST])?;
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).map_err(RigError::io("write pebble's settings"))?;
        Ok::<_, RigError>(file)
    };
    let settings = json!({ "pebble": {
        "listenAddress": format!("127.0.0.1:{port}"),
        "managementListenAddress": format!("127.0.0.1:{management}"),
        "certificate": write("certificate.pem", &certified.certificate)?,
        "privateKey": write("key.pem", &certified.key)?,
        "httpPort": plain_port,
        // Nobody asks there: no challenge here is of that kind.
        "tlsPort": plain_port,
        "keyAlgorithm": "ecdsa",
        "retryAfter": { "authz": 1, "order": 1 },
    } });
    write("settings.json", &settings.to_string())
}
