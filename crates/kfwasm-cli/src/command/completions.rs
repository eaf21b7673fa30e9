use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::Kfwasm;
use crate::failure::Failure;

/// Print what makes a shell complete kfwasm's commands: `source <(kfwasm completions bash)`.
#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionsArgs {
    /// Which shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    generate(args.shell, &mut Kfwasm::command(), "kfwasm", &mut script);
    // Whoever has closed the pipe has enough.
    let _ = io::stdout().write_all(&script);
    Ok(ExitCode::SUCCESS)
}
