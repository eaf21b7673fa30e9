use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};

use super::Kfwasm;
use crate::failure::Failure;

/// Write the manual pages into a directory: `kfwasm man ~/.local/share/man/man1`, then `man kfwasm-install`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ManArgs {
    /// Where to; it is made if it is not there.
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

pub(super) fn run(args: &ManArgs) -> Result<ExitCode, Failure> {
    let written = fs::create_dir_all(&args.directory);
    let written =
        written.and_then(|()| clap_mangen::generate_to(Kfwasm::command(), &args.directory));
    written.map_err(|error| {
        Failure::failed(
            format!("cannot write {}: {error}", args.directory.display()),
            "name a directory that you may write to",
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
