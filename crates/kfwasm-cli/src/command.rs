//! The commands.

mod apply;
mod build;
mod cluster_args;
mod completions;
mod doctor;
#[cfg(test)]
mod documented;
mod going_back;
mod install;
mod keys;
mod login;
mod logout;
mod man;
mod migrate;
mod place;
mod push;
mod revoke;
mod showing;
mod status;
mod timeout;
mod uninstall;

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _, FromArgMatches as _, Parser};

use crate::failure::Failure;

/// Under this name kubectl runs it as a plugin.
const PLUGIN: &str = "kubectl-kfwasm";

/// Sign-in with OpenID Connect for Kubeflow, inside the Istio ingress gateway.
///
/// `kfwasm install` goes from nothing to a signed-in Kubeflow; `kfwasm doctor` says what is wrong; `kfwasm uninstall`
/// goes back to what was there.
///
/// Exit codes: 0 done, 1 failed, 2 wrong use or a refused kfwasm.yaml, 3 the cluster is not ready for it.
#[derive(Parser)]
#[command(name = "kfwasm", version)]
pub(crate) enum Kfwasm {
    Install(Box<install::InstallArgs>),
    Build(Box<build::BuildArgs>),
    Apply(apply::ApplyArgs),
    Status(status::StatusArgs),
    Doctor(doctor::DoctorArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Keys(keys::KeysArgs),
    Revoke(revoke::RevokeArgs),
    Push(push::PushArgs),
    Migrate(Box<migrate::MigrateArgs>),
    Uninstall(uninstall::UninstallArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Kfwasm {
    /// Reads the command line, and ends the program where it is wrong or asks for help.
    pub(crate) fn from_command_line() -> Self {
        let arguments: Vec<OsString> = env::args_os().collect();
        let called = arguments
            .first()
            .and_then(|path| Path::new(path).file_stem());
        let is_plugin = called.is_some_and(|name| name == PLUGIN);
        let matches = command_named(is_plugin).get_matches_from(arguments);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Install(args) => install::run(&args),
            Self::Build(args) => build::run(&args),
            Self::Apply(args) => apply::run(&args),
            Self::Status(args) => status::run(&args),
            Self::Doctor(args) => doctor::run(&args),
            Self::Login(args) => login::run(&args),
            Self::Logout(args) => logout::run(&args),
            Self::Keys(args) => keys::run(&args),
            Self::Revoke(args) => revoke::run(&args),
            Self::Push(args) => push::run(&args),
            Self::Migrate(args) => migrate::run(&args),
            Self::Uninstall(args) => uninstall::run(&args),
            Self::Completions(args) => completions::run(&args),
            Self::Man(args) => man::run(&args),
        }
    }
}

/// The command as it is called: help says `kubectl kfwasm` to those who say so.
fn command_named(is_plugin: bool) -> Command {
    match is_plugin {
        true => Kfwasm::command().bin_name("kubectl kfwasm"),
        false => Kfwasm::command(),
    }
}
