use std::fs;

use anyhow::{Context, Result};
use kfwasm_rig::Gateway;

/// How much memory a gateway's process has in use, in KiB (`VmRSS` of proc_pid_status(5)).
pub(super) fn resident(gateway: &Gateway) -> Result<u64> {
    let file = format!("/proc/{}/status", gateway.pid());
    let status = fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.with_context(|| format!("{file} has no VmRSS"))
}
