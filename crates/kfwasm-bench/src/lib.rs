//! kfwasm beside its peers in real Envoys, in one run. Started by `cargo xtask bench`, which makes and fetches the parts.
//!
//! All variants run at once, each behind an Envoy of its own with one worker. A round visits them in an order of its own: at
//! saturation alone, at saturation and at a fixed rate beside the gateway without a filter. All gateways have one CPU to
//! themselves, and all else has the others: what is compared is what both gateways cost on the same CPU in the same moments, so
//! that a machine that others share is as slow for the one as for the other.

mod args;
mod bounds;
mod curves;
mod docs;
mod instructions;
mod latency;
mod load;
mod machine;
mod measure;
mod memory;
mod plot;
mod quartiles;
mod report;
mod rounds;
mod sessions;
mod streams;
mod subject;
mod table;
mod upstream;
mod validity;
mod variants;

use std::process::ExitCode;

use clap::Parser;

use args::Command;

pub use latency::Gateways;
pub use upstream::UPSTREAM;

/// Does what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Command::parse() {
        Command::Run(args) => rounds::run(&args),
        Command::Curves(args) => curves::run(&args),
        Command::Streams(args) => streams::run(&args),
        Command::Memory(args) => memory::run(&args),
        Command::Instructions(args) => instructions::run(&args),
        Command::Upstream => return serve_upstream(),
    };
    exit_code(done)
}

/// Is the upstream behind the gateways, which any program that starts [`Gateways`] must be when its first argument is
/// [`UPSTREAM`].
#[must_use]
pub fn serve_upstream() -> ExitCode {
    exit_code(upstream::serve().map(|()| ExitCode::SUCCESS))
}

fn exit_code(done: anyhow::Result<ExitCode>) -> ExitCode {
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
