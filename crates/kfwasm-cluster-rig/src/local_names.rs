use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use kfwasm_rig::RigError;
use tempfile::NamedTempFile;

use crate::unshare::unshare;

const SCRIPT: &str = r#"set -e
mount --bind "$1" /etc/hosts
shift
exec "$@""#;

/// Names that are this machine to programs that are run with them, as if they were in the DNS.
#[derive(Debug)]
pub struct LocalNames(NamedTempFile);

impl LocalNames {
    /// These names.
    ///
    /// # Errors
    /// When no file can be written.
    pub fn new(names: &[&str]) -> Result<Self, RigError> {
        let machine = fs::read_to_string("/etc/hosts").unwrap_or_default();
        let file = NamedTempFile::new().map_err(RigError::io("write the names of hosts"))?;
        let lines = format!("{machine}\n127.0.0.1\t{}\n", names.join(" "));
        fs::write(file.path(), lines).map_err(RigError::io("write the names of hosts"))?;
        Ok(Self(file))
    }

    /// The program, in a namespace in which they are known. Its arguments can be added.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = unshare();
        command
            .args(["--mount", "sh", "-c", SCRIPT, "sh"])
            .arg(self.0.path())
            .arg(program);
        command
    }
}
