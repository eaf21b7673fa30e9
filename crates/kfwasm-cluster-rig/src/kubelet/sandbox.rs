use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    pub(super) hosts: PathBuf,
    /// Folders, and where they are seen.
    pub(super) mounts: Vec<(PathBuf, String)>,
}

impl Sandbox {
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
