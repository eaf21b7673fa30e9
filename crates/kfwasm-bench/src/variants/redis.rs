//! A Redis for oauth2-proxy's sessions: Debian's `redis-server`, where it is there.

use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};
use kfwasm_rig::{Process, free_port, wait_until};

const PROGRAM: &str = "redis-server";
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether it is on this machine.
pub(super) fn is_there() -> bool {
    let mut command = Command::new(PROGRAM);
    let command = command.arg("--version").stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// One that keeps everything in memory, and its port.
pub(super) fn start() -> Result<(Process, u16)> {
    let port = free_port()?;
    let mut command = Command::new(PROGRAM);
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no"]);
    let log = tempfile::NamedTempFile::new()?.into_temp_path();
    let mut process = Process::start(command, log.to_path_buf(), "install Debian's redis-server")?;
    wait_until("Redis to listen", PATIENCE, || {
        let listens = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
        (listens || process.ended().is_some()).then_some(())
    })?;
    ensure!(
        process.ended().is_none(),
        "Redis ended: {}",
        process.log().tail(5)
    );
    Ok((process, port))
}
