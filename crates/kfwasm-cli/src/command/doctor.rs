use std::process::ExitCode;

use clap::Args;
use tokio::runtime::Builder;

use super::place::{PlaceArgs, gateway_of};
use crate::doctor::{Finding, Looking, Survey, check, report};
use crate::failure::Failure;

/// Say what is wrong with the installation in the cluster, and what to do about it. Nothing is changed.
///
/// It exits with 0 when nothing is wrong, with 1 when something is, and with 3 when nothing could be looked at.
#[derive(Args, Clone, Debug)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// The context of the kubeconfig, when it is not the current one.
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// Where the gateway is asked, when it is not at its public host.
    #[arg(long, value_name = "HOST:PORT")]
    address: Option<String>,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &DoctorArgs) -> Result<ExitCode, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("cannot start: {error}"), ""))?;
    let settings = args.place.settings()?;
    let looking = Looking {
        names: gateway_of(settings.as_ref()),
        settings,
        context: args.context.clone(),
        address: args.address.clone(),
    };
    let survey = runtime.block_on(Survey::of(&looking))?;
    let findings = check(&survey);
    match args.json {
        true => println!("{:#}", report::json(&findings)),
        false => print!("{}", report::tree(&findings)),
    }
    Ok(ExitCode::from(exit_code(&findings)))
}

fn exit_code(findings: &[Finding]) -> u8 {
    match () {
        () if report::is_anything_wrong(findings) => 1,
        () if report::is_nothing_seen(findings) => 3,
        () => 0,
    }
}
