//! `cargo xtask`: the automation of kfwasm.

mod bench;
mod cli;
mod cluster;
mod demo;
mod docs;
mod fuzz;
mod interrupt;
mod module;
mod program;
mod soak;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Builds, shows and tests kfwasm. Everything that it needs is fetched into target/ on first use.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Measure kfwasm beside its peers: a table, target/bench/latest.json and a plot.
    Bench(bench::BenchArgs),
    /// Make the optimised Wasm module, target/wasm/kfwasm.wasm.
    Build,
    /// Make the program target/release/kfwasm, with the module in it.
    Cli,
    /// Run a Kubernetes API server with Istio's resources, on this machine.
    Cluster(cluster::ClusterArgs),
    /// Fuzz everything that reads what comes from outside.
    Fuzz(fuzz::FuzzArgs),
    /// Run a gateway to sign in at, on this machine.
    Demo(demo::DemoArgs),
    /// Write docs/configuration.md and docs/configuration.schema.json from the configuration's types.
    Docs,
    /// Send very many requests while everything around the gateways changes and fails.
    Soak(soak::SoakArgs),
    /// Run the tests, and end with a table of them.
    Test(test::TestArgs),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Bench(args) => bench::run(&args),
        Command::Build => module::build().map(|_| ExitCode::SUCCESS),
        Command::Cli => cli::release().map(|_| ExitCode::SUCCESS),
        Command::Cluster(args) => cluster::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Docs => docs::write().map(|()| ExitCode::SUCCESS),
        Command::Soak(args) => soak::run(&args),
        Command::Test(args) => test::run(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
