use std::env;
use std::path::PathBuf;

use crate::RigError;

const ADVICE: &str =
    "install it with the system's package manager (Debian: chromium and chromium-driver)";

/// The two programs that a browser test needs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    pub(super) chromium: PathBuf,
    pub(super) chromedriver: PathBuf,
}

impl Programs {
    pub(super) fn find() -> Result<Self, RigError> {
        Ok(Self {
            chromium: find(&["chromium", "chromium-browser", "google-chrome"])?,
            chromedriver: find(&["chromedriver"])?,
        })
    }
}

/// The first of these programs that is in `PATH` or where Debian puts it.
fn find(names: &[&str]) -> Result<PathBuf, RigError> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path)
        .chain([PathBuf::from("/usr/bin")])
        .collect::<Vec<_>>();
    let candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates
        .into_iter()
        .find(|program| program.is_file())
        .ok_or_else(|| RigError::ProgramMissing {
            program: names.join(" or "),
            advice: ADVICE,
        })
}
