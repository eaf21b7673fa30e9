use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::program::Program;
use crate::workspace;

/// Holds the digests that the programs were built from.
const STAMP: &str = "built.sum";

/// Programs that are built together from the modules that `crates/xtask/tools/PINS/go.mod` pins.
pub(super) struct GoTool {
    pub(super) name: &'static str,
    /// The folder of the pins: tools that share most of their modules share it.
    pub(super) pins: &'static str,
    /// How long a first build takes on two cores.
    pub(super) takes: &'static str,
    /// Each package with what its program is called here.
    pub(super) programs: &'static [(&'static str, &'static str)],
}

impl GoTool {
    /// The folder of the programs, built unless they are there.
    pub(super) fn build(&self) -> Result<PathBuf> {
        let source = self.source();
        let folder = workspace::target().join("tools").join(self.name);
        let pins = [read(&source.join("go.mod"))?, read(&source.join("go.sum"))?].concat();
        let stamp = folder.join(STAMP);
        if fs::read(&stamp).is_ok_and(|built| built == pins) {
            return Ok(folder);
        }
        let names: Vec<_> = self.programs.iter().map(|(_, name)| *name).collect();
        eprintln!("Building {} ({}, once)", names.join(", "), self.takes);
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        self.compile(&source, &folder)
            .with_context(|| format!("cannot build {}", self.name))?;
        fs::write(&stamp, pins).with_context(|| format!("cannot write {}", stamp.display()))?;
        Ok(folder)
    }

    /// The folder of a module that they are made of, with the files that are no program.
    pub(super) fn module(&self, path: &str) -> Result<PathBuf> {
        let go = Program::go().arg("-C").arg(self.source());
        let output = go
            .args(["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", path])
            .output()
            .with_context(|| format!("cannot find {path}"))?;
        Ok(PathBuf::from(String::from_utf8(output)?.trim()))
    }

    fn source(&self) -> PathBuf {
        workspace::root().join("crates/xtask/tools").join(self.pins)
    }

    /// The programs take their places when all of them are whole.
    fn compile(&self, source: &Path, folder: &Path) -> Result<()> {
        let work = tempfile::tempdir_in(folder)?;
        let mut go = Program::go().arg("-C").arg(source);
        go = go.args([
            "build",
            "-mod=readonly",
            "-trimpath",
            // Nobody debugs them: a tenth less to do for the compiler.
            "-gcflags=all=-dwarf=false",
            "-ldflags=-s -w",
            "-o",
        ]);
        // The slash says that it is a folder.
        go = go.arg(work.path().join(""));
        go.args(self.programs.iter().map(|(package, _)| package))
            .run_quietly()?;
        for (package, name) in self.programs {
            fs::rename(work.path().join(default_name(package)), folder.join(name))?;
        }
        Ok(())
    }
}

/// As `go build` names a program: the last part of its package's path that is no major version.
fn default_name(package: &str) -> &str {
    let is_version = |part: &&str| {
        part.strip_prefix('v')
            .is_some_and(|digits| digits.parse::<u8>().is_ok())
    };
    let mut parts = package.rsplit('/').filter(|part| !is_version(part));
    parts.next().unwrap_or(package)
}

/// The folder of a Go module's files, fetched into Go's cache unless it is there.
pub(super) fn module(path: &str, version: &str, sum: &str) -> Result<PathBuf> {
    let name = format!("{path}@{version}");
    let output = Program::go()
        .args(["mod", "download", "-json", &name])
        // Not as a dependency of some module around us.
        .env("GOFLAGS", "-mod=mod")
        .output()
        .with_context(|| format!("cannot fetch {name}"))?;
    let said: Value = serde_json::from_slice(&output)?;
    let text = |field| said.get(field).and_then(Value::as_str).unwrap_or_default();
    if text("Sum") != sum {
        bail!("{name} has the digest {}, not {sum}", text("Sum"));
    }
    Ok(PathBuf::from(text("Dir")))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::default_name;

    #[test]
    fn a_program_is_named_after_its_package_and_not_its_version() {
        assert_eq!(default_name("go.etcd.io/etcd/server/v3"), "server");
        assert_eq!(
            default_name("k8s.io/kubernetes/cmd/kube-apiserver"),
            "kube-apiserver"
        );
    }
}
