//! `cargo xtask soak`: very many requests while everything around the gateways changes and fails.
//!
//! Two gateways of two workers, an upstream, a real provider; the events of `soak/events.rs` come one after the other while clients send without
//! a pause. What must not happen is counted: that somebody gets through who must not or as somebody else, that a session is lost, that a
//! request hangs, that memory grows.

mod client;
mod events;
mod load;
mod memory;
mod person;
mod stage;
mod table;
mod tally;
mod upstream;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use kfwasm_rig::Parts;

use crate::tools::EnvoyVersion;
use crate::{module, tools};

/// How much is asked of the gateways.
#[derive(Args)]
pub(crate) struct SoakArgs {
    /// How many requests are answered as they should be before it ends.
    #[arg(long, default_value_t = 1_000_000)]
    requests: u64,
    /// Envoy's version.
    #[arg(long, value_enum, default_value = "1.40")]
    envoy_version: EnvoyVersion,
}

/// Makes the parts, and runs the soak; fails when something happened that must not.
pub(crate) fn run(args: &SoakArgs) -> Result<ExitCode> {
    let parts = Parts {
        module: module::build()?,
        envoy: tools::envoy(args.envoy_version)?,
        provider: tools::provider()?,
    };
    Ok(match endure(&parts, args.requests)? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Runs the soak and prints its table; whether all was well.
pub(crate) fn endure(parts: &Parts, requests: u64) -> Result<bool> {
    let module = fs::read(&parts.module).context("cannot read the module")?;
    let mut stage = stage::Stage::start(parts, module::trapping(&module)?)?;
    let end = load::run(&mut stage, requests)?;
    println!("{}", table::of(&end));
    Ok(end.is_good())
}
