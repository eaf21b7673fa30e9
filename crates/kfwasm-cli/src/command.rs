//! The commands.

mod build;
mod doctor;
mod place;

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
    Build(Box<build::BuildArgs>),
    Doctor(doctor::DoctorArgs),
}

impl Kfwasm {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Build(args) => build::run(&args),
            Self::Doctor(args) => doctor::run(&args),
        }
    }
}
