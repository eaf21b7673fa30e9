//! The commands.

mod apply;
mod build;
mod cluster_args;
mod doctor;
mod install;
mod login;
mod logout;
mod migrate;
mod place;
mod push;
mod uninstall;

use std::process::ExitCode;

use clap::Parser;

use crate::failure::Failure;

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
    Doctor(doctor::DoctorArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Push(push::PushArgs),
    Migrate(Box<migrate::MigrateArgs>),
    Uninstall(uninstall::UninstallArgs),
}

impl Kfwasm {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Install(args) => install::run(&args),
            Self::Build(args) => build::run(&args),
            Self::Apply(args) => apply::run(&args),
            Self::Doctor(args) => doctor::run(&args),
            Self::Login(args) => login::run(&args),
            Self::Logout(args) => logout::run(&args),
            Self::Push(args) => push::run(&args),
            Self::Migrate(args) => migrate::run(&args),
            Self::Uninstall(args) => uninstall::run(&args),
        }
    }
}
