//! A whole sign-in without a browser.

mod report;
mod steps;

use std::process::ExitCode;

use anyhow::Result;
use kfwasm_rig::{Parts, Rig, RigSettings};

use super::DemoArgs;
use super::shown::log_folder;
use report::Report;

/// Takes every step of a sign-in, an authenticated request and a sign-out, and prints each with its time.
pub(super) fn run(parts: &Parts, args: &DemoArgs) -> Result<ExitCode> {
    let mut report = Report::begin();
    let settings = RigSettings {
        port: Some(args.port),
        folder: Some(log_folder()),
        ..RigSettings::default()
    };
    let rig = report.step(
        &format!(
            "Envoy {}, the provider and the upstream start",
            args.envoy_version.exact()
        ),
        || Ok(Rig::start(parts, &settings)?),
    );
    if let Some(rig) = rig {
        // The report knows which step failed.
        let _ = steps::take(&rig, &mut report);
    }
    Ok(report.end())
}
