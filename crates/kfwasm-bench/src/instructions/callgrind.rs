use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Valgrind's callgrind around Envoy.
pub(super) struct Callgrind {
    folder: PathBuf,
}

impl Callgrind {
    /// One that leaves its files in this folder.
    pub(super) fn new(folder: &Path) -> Result<Self> {
        let folder = folder.join("callgrind");
        // What an earlier run has left there is of processes that are gone.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let there = Command::new("valgrind")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        ensure!(
            there.is_ok_and(|status| status.success()),
            "there is no valgrind\n    install Debian's package valgrind"
        );
        Ok(Self { folder })
    }

    /// A program that runs this one and counts nothing until it is told to.
    pub(super) fn wrapped(&self, program: &Path) -> Result<PathBuf> {
        let script = self.folder.join("envoy");
        let text = format!(
            "#!/bin/sh\nexec valgrind --quiet --tool=callgrind --instr-atstart=no --callgrind-out-file='{}/%p' '{}' \"$@\"\n",
            self.folder.display(),
            program.display()
        );
        let writing = || format!("cannot write {}", script.display());
        fs::write(&script, text).with_context(writing)?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).with_context(writing)?;
        Ok(script)
    }

    /// Counts from now.
    pub(super) fn begin(&self, pid: u32) -> Result<()> {
        control(pid, &["--instr=on"])
    }

    /// Stops counting: the instructions since the begin.
    pub(super) fn end(&self, pid: u32) -> Result<u64> {
        control(pid, &["--instr=off"])?;
        control(pid, &["--dump"])?;
        let file = self.folder.join(format!("{pid}.1"));
        let text = fs::read_to_string(&file)
            .with_context(|| format!("callgrind has not written {}", file.display()))?;
        total(&text).with_context(|| format!("{} has no total", file.display()))
    }
}

fn control(pid: u32, arguments: &[&str]) -> Result<()> {
    let output = Command::new("callgrind_control")
        .args(arguments)
        .arg(pid.to_string())
        .output()
        .context("cannot start callgrind_control, which comes with valgrind")?;
    ensure!(
        output.status.success(),
        "callgrind_control {} failed: {}",
        arguments.concat(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// The sum of all costs in a dump.
fn total(dump: &str) -> Option<u64> {
    let line = dump.lines().rev().find_map(|line| {
        line.strip_prefix("totals: ")
            .or_else(|| line.strip_prefix("summary: "))
    });
    line?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn a_dump_ends_with_its_total() {
        assert_eq!(
            total("events: Ir\nfn=(1) a\n0 7\ntotals: 12345\n"),
            Some(12345)
        );
        assert_eq!(total("events: Ir\n"), None);
    }
}
