//! `cargo xtask demo`: a gateway to sign in at, on this machine.

mod announcement;
mod args;
mod check;
mod decisions;
mod foreign_plugin;
mod foreign_provider;
mod shown;

use std::process::ExitCode;

use anyhow::Result;
use kfwasm_rig::{Parts, claim_port};

pub(crate) use args::DemoArgs;

use crate::{interrupt, module, tools};
use announcement::announcement;
use shown::Shown;

/// Starts everything, says how to use it, and ends with Ctrl-C; or checks a sign-in and ends with that.
pub(crate) fn run(args: &DemoArgs) -> Result<ExitCode> {
    // What can fail at once does so before anything is built or fetched.
    let plugin = args.plugin()?;
    claim_port(args.port)?;
    let parts = Parts {
        module: module::build()?,
        envoy: tools::envoy(args.envoy_version)?,
        provider: tools::provider()?,
    };
    if args.check {
        return check::run(&parts, args);
    }
    let interrupt = interrupt::expect()?;
    let mut shown = match plugin {
        Some(plugin) => foreign_provider::start(&parts, args, plugin)?,
        None => Shown::start(&parts, args)?,
    };
    println!("{}", announcement(&shown, args));
    decisions::print_until(&interrupt, &mut shown.gateway)?;
    drop(shown);
    println!("\nEverything has ended.");
    Ok(ExitCode::SUCCESS)
}
