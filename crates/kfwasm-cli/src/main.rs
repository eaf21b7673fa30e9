//! `kfwasm`: installs sign-in at the gateway of a Kubeflow, checks it, and takes it away again.

mod answer;
mod cluster;
mod command;
mod deploy;
mod directory;
mod doctor;
mod failure;
mod install;
mod login;
mod migrate;
mod module;
mod object;
mod probe;
mod registry;
mod render;
mod settings;
mod starter;
mod web;
mod yaml;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match command::Kfwasm::parse().run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}
