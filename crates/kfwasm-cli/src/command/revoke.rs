use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use k8s_openapi::jiff::Timestamp;

use super::build;
use super::cluster_args::{ClusterArgs, run_async};
use super::place::PlaceArgs;
use crate::answer;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::filter::is_filter;
use crate::install::bring;
use crate::interruption::run_until_interrupted;
use crate::module::Module;
use crate::object::{Object, ObjectId};
use crate::render;
use crate::revocation::Wish;
use crate::settings::Settings;

/// The plugin needs no waiting for.
const LIMIT: Duration = Duration::from_secs(60);

/// End sessions before their time, on every gateway, at once.
///
/// It is written into kfwasm.yaml (plugin.session.revocation) and applied with the rest of the plugin's configuration. No
/// connection is cut and no pod restarts; a stream that is open goes on.
#[derive(Args, Clone, Debug)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    wish: WishArgs,
    #[command(flatten)]
    cluster: ClusterArgs,
    /// Only write kfwasm.yaml and manifests/, for what brings them to the cluster otherwise.
    #[arg(long)]
    no_apply: bool,
    /// Overwrite what was edited in manifests/.
    #[arg(long)]
    overwrite: bool,
    /// Do not ask before ending everybody's sessions. Needed where nobody is at a terminal.
    #[arg(short, long)]
    yes: bool,
}

/// Whose sessions end.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = true)]
struct WishArgs {
    /// Everybody's.
    #[arg(long)]
    everybody: bool,
    /// All of a user's, named as Kubeflow knows them. Several may be given.
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
    /// One session, by the identifier that the gateway's log shows as session=. Several may be given.
    #[arg(long, value_name = "ID")]
    session: Vec<String>,
}

pub(super) fn run(args: &RevokeArgs) -> Result<ExitCode, Failure> {
    let directory = args.place.directory()?;
    let settings = edit(&directory, args)?;
    eprintln!("Written into {}.", directory.settings_file().display());
    if args.no_apply {
        eprintln!("The sessions end when it reaches the cluster.");
        return Ok(ExitCode::SUCCESS);
    }
    let plugin = plugin(&directory)?;
    let ids: Vec<ObjectId> = plugin.iter().map(Object::id).collect();
    run_async(async {
        let cluster = args.cluster.connect().await?;
        cluster.may(&["get", "patch"], &ids).await?;
        match bring(&cluster, plugin, &settings, LIMIT).await? {
            true => eprintln!("The sessions end on every gateway within a second."),
            false => eprintln!("The cluster has it already: nothing was changed."),
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the wish into kfwasm.yaml, and what follows from it into manifests/; that first, since it may be refused.
fn edit(directory: &Directory, args: &RevokeArgs) -> Result<Settings, Failure> {
    let file = directory.settings_file();
    Settings::read(file)?;
    let text = fs::read_to_string(file).unwrap_or_default();
    let wish = Wish {
        everybody: args.wish.everybody,
        users: args.wish.user.clone(),
        sessions: args.wish.session.clone(),
    };
    let edited = wish.put_into(&text, Timestamp::now());
    let edited = edited.ok_or_else(|| unreadable(file))?;
    let settings = Settings::parse(&edited).map_err(|problems| {
        Failure::usage(
            format!("this cannot be revoked; nothing was changed\n{problems}"),
            "",
        )
    })?;
    if args.wish.everybody {
        let question = "End everybody's sessions?";
        let agreed = answer::agreed(args.yes, question, "nothing was changed");
        run_until_interrupted(agreed, "nothing was changed")?;
    }
    let module = module(directory, &settings)?;
    let manifests = render::manifests(&settings, module.as_ref());
    directory.write(&manifests, module.as_ref(), args.overwrite)?;
    fs::write(file, edited).map_err(|error| {
        Failure::failed(
            format!("cannot write {}: {error}", file.display()),
            "make it writable, and run the same command again",
        )
    })?;
    Ok(settings)
}

/// The module that was built with, so that a revocation brings no new one.
fn module(directory: &Directory, settings: &Settings) -> Result<Option<Module>, Failure> {
    match directory.module()? {
        Some(module) => Ok(Some(module)),
        None => build::module(settings, None),
    }
}

fn unreadable(file: &Path) -> Failure {
    Failure::failed(
        format!(
            "{} is written in a way that kfwasm does not edit; nothing was changed",
            file.display()
        ),
        "write plugin.session.revocation into it (docs/configuration.md), then run `kfwasm install`",
    )
}

fn plugin(directory: &Directory) -> Result<Vec<Object>, Failure> {
    let mut objects = directory.read()?;
    objects.retain(is_filter);
    Ok(objects)
}
