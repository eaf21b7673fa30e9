//! `kfwasm`: installs sign-in at the gateway of a Kubeflow, checks it, and takes it away again.

#[macro_use]
mod streams;

mod answer;
mod cluster;
mod command;
mod decider;
mod deploy;
mod directory;
mod doctor;
mod failure;
mod filter;
mod install;
mod interruption;
mod istiod;
mod keys;
mod login;
mod migrate;
mod module;
mod network;
mod object;
mod probe;
mod registration;
mod registry;
mod render;
mod revocation;
mod servers;
mod settings;
mod starter;
mod status;
mod web;
mod yaml;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::Kfwasm::from_command_line().run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}
