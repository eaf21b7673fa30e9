use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use kfwasm_config::installation::ModuleSource;

use super::place::PlaceArgs;
use crate::answer;
use crate::directory::{Directory, Written};
use crate::failure::Failure;
use crate::module::Module;
use crate::object::Object;
use crate::registration;
use crate::render;
use crate::settings::Settings;
use crate::starter::StarterArgs;
use crate::yaml;

/// Make the directory of YAML that `kfwasm apply` applies.
///
/// It is made from kfwasm.yaml. Where there is none, one is made first: from the flags, or by asking.
#[derive(Args, Clone, Debug)]
pub(crate) struct BuildArgs {
    /// Print the objects instead of writing them.
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Output>,
    #[command(flatten)]
    making: MakingArgs,
}

/// What the directory is made of.
#[derive(Args, Clone, Debug)]
pub(crate) struct MakingArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// The module, instead of the one that this program carries.
    #[arg(long, value_name = "FILE")]
    pub(crate) module: Option<PathBuf>,
    /// Overwrite what was edited in manifests/.
    #[arg(long)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) starter: StarterArgs,
}

/// How objects are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Yaml,
    Json,
}

impl MakingArgs {
    /// Refuses flags that are wrong whatever there is, before anything is written and a cluster is asked.
    pub(super) fn well_formed(&self) -> Result<(), Failure> {
        self.starter.well_formed()?;
        self.module
            .as_deref()
            .map_or(Ok(()), |file| Module::read(file).map(drop))
    }
}

pub(super) fn run(args: &BuildArgs) -> Result<ExitCode, Failure> {
    let directory = args.making.place.directory()?;
    args.making.well_formed()?;
    let Some(output) = args.output else {
        make(&args.making, &directory)?;
        return Ok(ExitCode::SUCCESS);
    };
    let settings = settings(&args.making, &directory)?;
    let module = module(&settings, args.making.module.as_deref())?;
    let objects = render::objects(&settings, module.as_ref());
    print!("{}", printed(&objects, output));
    Ok(ExitCode::SUCCESS)
}

/// Makes the directory.
pub(super) fn make(args: &MakingArgs, directory: &Directory) -> Result<(), Failure> {
    let settings = settings(args, directory)?;
    let module = module(&settings, args.module.as_deref())?;
    let manifests = render::manifests(&settings, module.as_ref());
    let written = directory.write(&manifests, module.as_ref(), args.overwrite)?;
    tell(directory, &written, &settings);
    Ok(())
}

/// The settings, made first when there are none.
fn settings(args: &MakingArgs, directory: &Directory) -> Result<Settings, Failure> {
    let file = directory.settings_file();
    if !file.exists() {
        write(&args.starter, &name(args, file)?, directory)?;
    }
    let settings = Settings::read(file)?;
    args.starter.agree_with(&settings, file)?;
    Ok(settings)
}

/// The module, where it comes from a ConfigMap.
pub(super) fn module(settings: &Settings, file: Option<&Path>) -> Result<Option<Module>, Failure> {
    match settings.installation.module {
        ModuleSource::ConfigMap => Module::load(file).map(Some),
        ModuleSource::Url { .. } => Ok(None),
    }
}

/// Makes the first kfwasm.yaml, unless what it would say is refused.
pub(super) fn write(
    starter: &StarterArgs,
    name: &str,
    directory: &Directory,
) -> Result<(), Failure> {
    let (text, file) = (starter.text(name)?, directory.settings_file());
    read(&text, file)?;
    directory.make_settings(&text)?;
    eprintln!("Made {}", file.display());
    Ok(())
}

/// The settings that a file of this text will have.
pub(super) fn read(text: &str, file: &Path) -> Result<Settings, Failure> {
    Settings::parse(text).map_err(|problems| {
        Failure::usage(
            format!(
                "{} was not made of these answers\n{problems}",
                file.display()
            ),
            "",
        )
    })
}

pub(super) fn name(args: &MakingArgs, file: &Path) -> Result<String, Failure> {
    if let Some(name) = &args.place.name {
        return Ok(name.clone());
    }
    let missing = || {
        Failure::usage(
            format!(
                "{} does not exist, and no KF_NAME is given to make one",
                file.display()
            ),
            "`kfwasm build KF_NAME` or `kfwasm install KF_NAME` makes a directory of that name",
        )
    };
    if !answer::is_somebody_there() {
        return Err(missing());
    }
    answer::ask("Name of this installation", "kubeflow")?.ok_or_else(missing)
}

fn printed(objects: &[Object], output: Output) -> String {
    match output {
        Output::Yaml => yaml::write_all(objects.iter().map(Object::value)),
        Output::Json => {
            let items: Vec<_> = objects.iter().map(Object::value).collect();
            let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items});
            format!("{list:#}\n")
        }
    }
}

fn tell(directory: &Directory, done: &Written, settings: &Settings) {
    let folder = directory.manifests();
    for name in &done.written {
        eprintln!("wrote {}", folder.join(name).display());
    }
    for name in &done.removed {
        eprintln!("removed {}", folder.join(name).display());
    }
    if done.written.is_empty() && done.removed.is_empty() {
        eprintln!("{} is up to date", folder.display());
    }
    registration::tell(settings);
}
