use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::apply::{self, ApplyingArgs, STAND_IN, Verified, balance};
use super::build::{self, MakingArgs};
use crate::answer;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::starter::{LoadBalancer, StarterArgs};

const CONTINUED: &str = "the same command with flags that go with that address continues; `kfwasm uninstall` goes back to what was there";

/// Build, then apply: from nothing to sign-in at the gateway.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    applying: ApplyingArgs,
    // Last, because its heading holds for what follows.
    #[command(flatten)]
    making: MakingArgs,
}

pub(super) fn run(args: &InstallArgs) -> Result<ExitCode, Failure> {
    let directory = args.making.place.directory()?;
    args.applying.secret_files()?;
    args.making.well_formed()?;
    let is_open = args.making.starter.host.is_none() && !directory.settings_file().exists();
    if is_open && !args.begin(&directory)? {
        return Ok(ExitCode::SUCCESS);
    }
    build::make(&args.making, &directory)?;
    apply::apply(&directory, &args.applying, Verified::Afterwards)
}

impl InstallArgs {
    /// Makes kfwasm.yaml with the address of the gateway's load balancer; whether it did. It does not where changes are only
    /// shown and there is no address before one.
    fn begin(&self, directory: &Directory) -> Result<bool, Failure> {
        let file = directory.settings_file();
        let name = build::name(&self.making, file)?;
        if !answer::is_somebody_there() {
            // Wrong use is told before the cluster is asked.
            supposed(&self.making.starter.answered()?, &name, file)?;
        }
        let starter = self.making.starter.located(&self.load_balancer())?;
        if starter.host.is_some() {
            build::write(&starter, &name, directory)?;
            return Ok(true);
        }
        // What a person has to answer is asked before anything is changed.
        let starter = starter.answered()?;
        let Some(address) = self.balance(&starter, &name, file)? else {
            return Ok(false);
        };
        let written = build::write(&starter.at(address), &name, directory);
        written.map_err(|failure| failure.or_advice(CONTINUED))?;
        Ok(true)
    }

    fn load_balancer(&self) -> LoadBalancer {
        LoadBalancer {
            context: self.applying.cluster.context.clone(),
            limit: self.applying.timeout.limit(),
        }
    }

    fn balance(
        &self,
        starter: &StarterArgs,
        name: &str,
        file: &Path,
    ) -> Result<Option<String>, Failure> {
        let settings = supposed(starter, name, file)?;
        let module = build::module(&settings, self.making.module.as_deref())?;
        balance(&settings, module.as_ref(), &self.applying)
    }
}

/// What kfwasm.yaml will say, with the stand-in for the address.
fn supposed(starter: &StarterArgs, name: &str, file: &Path) -> Result<Settings, Failure> {
    let starter = StarterArgs {
        host: Some(STAND_IN.to_owned()),
        ..starter.clone()
    };
    build::read(&starter.text(name)?, file)
}
