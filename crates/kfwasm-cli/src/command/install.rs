use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::apply::{self, ApplyingArgs, STAND_IN, Verified, balance};
use super::build::{self, BuildArgs};
use crate::failure::Failure;
use crate::starter::{LoadBalancer, StarterArgs};

const CONTINUED: &str = "the same command with flags that go with that address continues; `kfwasm uninstall` goes back to what was there";

/// Build, then apply: from nothing to sign-in at the gateway.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    applying: ApplyingArgs,
    // Last, because its heading holds for what follows.
    #[command(flatten)]
    build: BuildArgs,
}

pub(super) fn run(args: &InstallArgs) -> Result<ExitCode, Failure> {
    if args.build.output.is_some() {
        return Err(Failure::usage(
            "--output prints what is built, and does not install it",
            "`kfwasm build --output` prints it, `kfwasm install --diff` shows what would be different",
        ));
    }
    let directory = args.build.place.directory()?;
    let file = directory.settings_file();
    let is_open = args.build.starter.host.is_none() && !file.exists();
    if is_open && !args.begin(file)? {
        return Ok(ExitCode::SUCCESS);
    }
    build::run(&args.build)?;
    apply::apply(&directory, &args.applying, Verified::Afterwards)
}

impl InstallArgs {
    /// Makes kfwasm.yaml with the address of the gateway's load balancer; whether it did. It does not where changes are only
    /// shown and there is no address before one.
    fn begin(&self, file: &Path) -> Result<bool, Failure> {
        let name = build::name(&self.build, file)?;
        let starter = self.build.starter.located(&self.load_balancer())?;
        if starter.host.is_some() {
            build::write(&starter, &name, file)?;
            return Ok(true);
        }
        // What a person has to answer is asked before anything is changed.
        let starter = starter.answered()?;
        let Some(address) = self.balance(&starter, &name, file)? else {
            return Ok(false);
        };
        let written = build::write(&starter.at(address), &name, file);
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
        let starter = StarterArgs {
            host: Some(STAND_IN.to_owned()),
            ..starter.clone()
        };
        let settings = build::read(&starter.text(name)?, file)?;
        let module = build::module(&settings, self.build.module.as_deref())?;
        balance(&settings, module.as_ref(), &self.applying)
    }
}
