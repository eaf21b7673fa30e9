use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::failure::Failure;
use crate::interruption::run_until_interrupted;
use crate::module::Module;
use crate::registry::{Artifact, Reference, Registry};

/// Bring the module to an OCI registry, in a form that Istio takes.
///
/// It signs in as `docker login` or `az acr login` has left it. What it prints is what module.url in kfwasm.yaml needs.
#[derive(Args, Clone, Debug)]
pub(crate) struct PushArgs {
    /// Where to: REGISTRY/REPOSITORY:TAG. Without a tag, that of this version.
    #[arg(value_name = "IMAGE")]
    image: String,
    /// The module, instead of the one that this program carries.
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
    /// Speak http to a registry that is not on this machine.
    #[arg(long)]
    plain_http: bool,
    /// A file with the certificate of the authority that signed the registry's, if this machine does not trust it.
    #[arg(long, value_name = "FILE")]
    certificate_authority: Option<PathBuf>,
}

pub(super) fn run(args: &PushArgs) -> Result<ExitCode, Failure> {
    let reference = Reference::parse(&args.image)?;
    let artifact = Artifact::of(&Module::load(args.module.as_deref())?);
    let plain_http = args.plain_http || reference.is_local();
    let authority = args.certificate_authority.as_deref();
    let mut registry = Registry::new(reference.clone(), plain_http, authority)?;
    run_until_interrupted(
        registry.push(&artifact),
        "the same command begins again, and skips what is there",
    )?;
    let digest = artifact.digest();
    eprintln!("Pushed {reference}. In kfwasm.yaml:\n  module:");
    eprintln!(
        "    url: oci://{}/{}@{digest}",
        reference.registry, reference.repository
    );
    println!("{digest}");
    Ok(ExitCode::SUCCESS)
}
