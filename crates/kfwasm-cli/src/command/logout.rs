use std::process::ExitCode;

use clap::Args;

use crate::failure::Failure;
use crate::login::{Origin, Store};

/// Forget the session that `kfwasm login` keeps of a gateway.
///
/// Copies of it stay good until it ends; `kfwasm revoke` ends it for all.
#[derive(Args, Clone, Debug)]
pub(crate) struct LogoutArgs {
    /// The address of the gateway: https://HOST.
    #[arg(value_name = "HOST")]
    host: String,
}

pub(super) fn run(args: &LogoutArgs) -> Result<ExitCode, Failure> {
    let origin = Origin::parse(&args.host)?;
    match Store::open()?.forget(&origin)? {
        true => eprintln!("Forgot the session at {origin}."),
        false => eprintln!("There is no session at {origin}: nothing was changed."),
    }
    Ok(ExitCode::SUCCESS)
}
