use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kfwasm_rig::RigError;

use super::pod::Pod;
use crate::unshare::unshare;

/// Makes the folders that a container sees, and becomes its program.
///
/// `/var/lib` is empty at first, so that what it needs there can be made without rights on the machine.
const SCRIPT: &str = r#"set -e
mount -t tmpfs pod /var/lib
mkdir -p /var/lib/istio/data
mount --bind "$1" /etc/hosts; shift
while [ "$1" != -- ]; do
    mkdir -p "$2"
    mount --bind "$1" "$2"
    shift 2
done
shift
exec "$@""#;

/// Where a program sees other files than the machine has, in namespaces of its own.
pub(super) struct Sandbox {
    /// What is `/etc/hosts`.
    hosts: PathBuf,
    /// Folders, and where they are seen.
    mounts: Vec<(PathBuf, String)>,
}

impl Sandbox {
    /// The pod's, with its files in that folder. It knows the machine's names, and those of the pod.
    pub(super) fn of(
        folder: &Path,
        pod: &Pod,
        mounts: Vec<(PathBuf, String)>,
    ) -> Result<Self, RigError> {
        let machine = fs::read_to_string("/etc/hosts").unwrap_or_default();
        let hosts = folder.join("hosts");
        let lines = format!("{machine}\n{}", pod.host_aliases());
        write(&hosts, lines.as_bytes())?;
        Ok(Self { hosts, mounts })
    }

    /// The program in it. It and all that it starts end with the command's process.
    pub(super) fn command(&self, program: &Path, arguments: &[&OsStr]) -> Command {
        let mut command = unshare();
        command
            .args(["--mount", "--pid", "--fork", "--kill-child"])
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(&self.hosts);
        for (folder, path) in &self.mounts {
            command.arg(folder).arg(path);
        }
        command.arg("--").arg(program).args(arguments);
        command
    }
}

/// Writes a file of a pod, in a folder that need not be there.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), RigError> {
    let doing = || RigError::io(format!("write {}", file.display()));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(doing())?;
    }
    fs::write(file, bytes).map_err(doing())
}
