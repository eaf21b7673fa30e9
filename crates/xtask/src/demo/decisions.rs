use std::time::Duration;

use anyhow::{Result, bail};
use kfwasm_rig::{Gateway, ModuleLine};

use crate::interrupt::Interrupt;

const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Prints what the module decides, until somebody wants it to end.
pub(super) fn print_until(interrupt: &Interrupt, gateway: &mut Gateway) -> Result<()> {
    let lines = gateway.log().follow();
    while !interrupt.came() {
        if let Ok(line) = lines.recv_timeout(BETWEEN_LOOKS) {
            if let Some(line) = shown(&line) {
                println!("  {line}");
            }
        } else if gateway.has_ended() && !interrupt.came() {
            bail!(
                "Envoy has ended by itself\n    its log is {}",
                gateway.log().path().display()
            );
        }
    }
    Ok(())
}

/// The module's lines, and of Envoy's own those that tell of a failure.
fn shown(line: &str) -> Option<String> {
    match ModuleLine::parse(line) {
        // What is let through is told in debug lines.
        Some(line) if matches!(line.level.as_str(), "info" | "debug") => {
            Some(format!("{}  {}", line.time, line.message))
        }
        Some(line) => Some(format!("{}  {}: {}", line.time, line.level, line.message)),
        None if line.contains("[error]") || line.contains("[critical]") => Some(line.to_owned()),
        None => None,
    }
}
