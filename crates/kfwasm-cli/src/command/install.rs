use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use kfwasm_config::installation::Gateway;

use super::apply::{self, ApplyingArgs, STAND_IN, Verified, balance};
use super::build::{self, MakingArgs};
use crate::answer;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::interruption::run_until_interrupted;
use crate::istiod;
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
    let is_new = !directory.settings_file().exists();
    if is_new && !args.begin(&directory)? {
        return Ok(ExitCode::SUCCESS);
    }
    build::make(&args.making, &directory)?;
    apply::apply(&directory, &args.applying, Verified::Afterwards)
}

impl InstallArgs {
    /// Makes kfwasm.yaml with what the cluster says of itself: its Istio and, without a host, the address of the gateway's load
    /// balancer. Whether it did: it does not where changes are only shown and there is no address before one.
    fn begin(&self, directory: &Directory) -> Result<bool, Failure> {
        let file = directory.settings_file();
        let name = build::name(&self.making, file)?;
        if !answer::is_somebody_there() {
            // Wrong use is told before the cluster is asked.
            supposed(&self.making.starter.answered()?, &name, file)?;
        }
        let starter = match self.making.starter.host {
            Some(_) => self.making.starter.clone(),
            None => self.making.starter.located(&self.load_balancer())?,
        };
        let starter = self.for_istio_there(starter)?;
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

    /// The same for the Istio beside the gateway of a new kfwasm.yaml, unless somebody has said which.
    fn for_istio_there(&self, starter: StarterArgs) -> Result<StarterArgs, Failure> {
        if starter.istio.is_some() {
            return Ok(starter);
        }
        let looking = async {
            let cluster = self.applying.cluster.connect_to_change().await?;
            Ok(istiod::seen(&cluster, Gateway::default().namespace.as_str()).await)
        };
        let seen = run_until_interrupted(looking, "nothing was written")?;
        Ok(starter.for_istio(&seen))
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

/// What kfwasm.yaml will say, with the stand-in for an address that is not known yet.
fn supposed(starter: &StarterArgs, name: &str, file: &Path) -> Result<Settings, Failure> {
    let host = starter.host.as_deref().unwrap_or(STAND_IN).to_owned();
    let starter = StarterArgs {
        host: Some(host),
        ..starter.clone()
    };
    build::read(&starter.text(name)?, file)
}
