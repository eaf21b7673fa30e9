use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use k8s_openapi::jiff::Timestamp;

use super::build;
use super::cluster_args::{ClusterArgs, run_async};
use super::place::{Meant, PlaceArgs};
use crate::answer;
use crate::cluster::Cluster;
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

impl WishArgs {
    fn wish(&self) -> Wish {
        Wish {
            everybody: self.everybody,
            users: self.user.clone(),
            sessions: self.session.clone(),
        }
    }
}

pub(super) fn run(args: &RevokeArgs) -> Result<ExitCode, Failure> {
    let directory = args.place.directory()?;
    let edited = Edited::of(&directory, args)?;
    let agreed = async {
        if !args.no_apply {
            let cluster = args.cluster.connect_to_change().await?;
            Meant::by(&edited.settings).previous(&cluster).await?;
            // What is not there would be made, with no more in it than what is revoked.
            edited.refuse_what_is_not_there(&cluster).await?;
        }
        agreed(args).await
    };
    run_until_interrupted(agreed, "nothing was changed")?;
    edited.write(&directory, args.overwrite)?;
    if args.no_apply {
        eprintln!("The sessions end when it reaches the cluster.");
        return Ok(ExitCode::SUCCESS);
    }
    let plugin = plugin(&directory)?;
    run_async(async {
        let cluster = args.cluster.connect_to_change().await?;
        match bring(&cluster, plugin, &edited.settings, LIMIT).await? {
            true => eprintln!("The sessions end on every gateway within a second."),
            false => eprintln!("The cluster has it already: nothing was changed."),
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn agreed(args: &RevokeArgs) -> Result<(), Failure> {
    match args.wish.everybody {
        true => answer::agreed(args.yes, "End everybody's sessions?", "nothing was changed").await,
        false => Ok(()),
    }
}

/// kfwasm.yaml with the wish in it, and what follows from it.
struct Edited {
    settings: Settings,
    text: String,
    module: Option<Module>,
}

impl Edited {
    fn of(directory: &Directory, args: &RevokeArgs) -> Result<Self, Failure> {
        let file = directory.settings_file();
        Settings::read(file)?;
        let text = fs::read_to_string(file).unwrap_or_default();
        let text = args.wish.wish().put_into(&text, Timestamp::now());
        let text = text.ok_or_else(|| unreadable(file))?;
        let settings = Settings::parse(&text).map_err(|problems| {
            let what = format!("this cannot be revoked; nothing was changed\n{problems}");
            Failure::usage(what, "")
        })?;
        let module = module(directory, &settings)?;
        Ok(Self {
            settings,
            text,
            module,
        })
    }

    /// Refuses where the filter is not in the cluster, or may not be changed.
    async fn refuse_what_is_not_there(&self, cluster: &Cluster) -> Result<(), Failure> {
        let mut objects = render::objects(&self.settings, self.module.as_ref());
        objects.retain(is_filter);
        let ids: Vec<ObjectId> = objects.iter().map(Object::id).collect();
        for id in &ids {
            if !cluster.knows(id).await? {
                return Err(not_installed(id));
            }
            cluster.may(&["get", "patch"], [id]).await?;
            if cluster.get(id).await?.is_none() {
                return Err(not_installed(id));
            }
        }
        Ok(())
    }

    /// manifests/ first, since that may be refused.
    fn write(&self, directory: &Directory, overwrite: bool) -> Result<(), Failure> {
        let module = self.module.as_ref();
        let manifests = render::manifests(&self.settings, module);
        directory.write(&manifests, module, overwrite)?;
        let file = directory.settings_file();
        fs::write(file, &self.text).map_err(|error| unwritable(file, &error))?;
        eprintln!("Written into {}.", file.display());
        Ok(())
    }
}

fn not_installed(filter: &ObjectId) -> Failure {
    Failure::not_ready(
        format!("kfwasm is not installed there: there is no {filter}; nothing was changed"),
        "choose another cluster with --context; --no-apply only writes kfwasm.yaml and manifests/",
    )
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    Failure::failed(
        format!("cannot write {}: {error}", file.display()),
        "make it writable, and run the same command again",
    )
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
