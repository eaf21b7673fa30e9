use std::path::{Path, PathBuf};
use std::process::Command;

use kfwasm_rig::{Process, RigError, free_port};

use crate::programs::Programs;

/// Starts etcd without waiting for it: the API server does that. Nothing is synced to the disk.
pub(crate) fn start(programs: &Programs, folder: &Path) -> Result<(Process, String), RigError> {
    let [clients, peers] = [at(free_port()?), at(free_port()?)];
    let mut command = Command::new(&programs.etcd);
    command
        .arg("--data-dir")
        .arg(data(folder))
        .args(["--listen-client-urls", &clients])
        .args(["--advertise-client-urls", &clients])
        .args(["--listen-peer-urls", &peers])
        .args(["--unsafe-no-fsync", "--log-level=warn"]);
    let advice = "run `cargo xtask test cluster`, which builds it";
    let process = Process::start(command, folder.join("etcd.log"), advice)?;
    Ok((process, clients))
}

/// Where it stores everything.
pub(crate) fn data(folder: &Path) -> PathBuf {
    folder.join("etcd")
}

fn at(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
