use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use super::place::PlaceArgs;
use crate::answer;
use crate::cluster::{Applying, Cluster, Refused};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::install::{
    Change, Check, Plan, Previous, SecretFiles, Waiting, own_certificate, roll_back,
};
use crate::object::{Object, ObjectId};
use crate::probe::Unexpected;
use crate::registration;
use crate::render;
use crate::settings::Settings;

/// Bring the directory to the cluster.
///
/// What was there before is kept in the ConfigMap kfwasm-previous. Interrupted at any moment, the same command continues.
#[derive(Args, Clone, Debug)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) applying: ApplyingArgs,
}

/// How it is applied.
#[derive(Args, Clone, Debug)]
pub(crate) struct ApplyingArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Show what would be different, and change nothing.
    #[arg(long)]
    diff: bool,
    /// Let the server say what would be done, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take over fields that others own.
    #[arg(long)]
    force_conflicts: bool,
    /// A file with a secret that the plugin's configuration names. Otherwise it is taken from the environment, or
    /// from the cluster.
    #[arg(long, value_name = "NAME=FILE")]
    secret: Vec<String>,
    /// Do not ask before changing the cluster.
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// How long to wait for each object, and for the filter to decide, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) timeout: u64,
    /// Where the gateway is asked whether the filter decides, when it is neither at its load balancer nor at its public
    /// host.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) address: Option<String>,
    /// Do not ask the gateway whether the filter decides.
    #[arg(long)]
    no_verify: bool,
}

impl ApplyingArgs {
    /// Whether nothing is to be changed.
    pub(crate) fn only_shows(&self) -> bool {
        self.diff || self.dry_run
    }
}

pub(super) fn run(args: &ApplyArgs) -> Result<ExitCode, Failure> {
    apply(
        &args.place.directory()?,
        &args.applying,
        Verified::Afterwards,
    )
}

/// Who shows that the filter decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verified {
    /// We do, and take everything back when it does not.
    Afterwards,
    /// Whoever called us: until then somebody else decides.
    ByCaller,
}

pub(super) fn apply(
    directory: &Directory,
    args: &ApplyingArgs,
    verified: Verified,
) -> Result<ExitCode, Failure> {
    let settings = Settings::read(directory.settings_file())?;
    let files = SecretFiles::parse(&args.secret)?;
    let objects = objects(directory, &settings)?;
    run_async(async {
        let cluster = args.cluster.connect().await?;
        let objects = prepared(&cluster, objects, &files, &settings).await?;
        let plan = Plan::make(&cluster, objects, args.force_conflicts).await?;
        if args.diff || args.dry_run {
            show(&plan, args);
            return plan.without_conflicts();
        }
        eprint!("{}", plan.summary());
        plan.without_conflicts()?;
        if plan.is_empty() {
            eprintln!("The cluster is as it should be: nothing was changed.");
        } else if !agreed(args).await {
            return Err(Failure::failed("stopped; nothing was changed", ""));
        }
        let before = record(&cluster, &plan, &settings).await?;
        carry_out(&cluster, &plan, args).await?;
        registration::tell_where_it_leads(&cluster, &settings).await;
        if verified == Verified::Afterwards && !args.no_verify {
            verify(&cluster, &plan, &before, &settings, args).await?;
        }
        registration::tell(&settings);
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What stands in the directory, and the module that lies beside it.
fn objects(directory: &Directory, settings: &Settings) -> Result<Vec<Object>, Failure> {
    let mut objects = directory.read()?;
    let module = directory.module()?;
    objects.extend(module.and_then(|module| render::config_map(settings, &module)));
    Ok(objects)
}

/// The objects with their secrets, once it is sure that they may be applied.
async fn prepared(
    cluster: &Cluster,
    mut objects: Vec<Object>,
    files: &SecretFiles,
    settings: &Settings,
) -> Result<Vec<Object>, Failure> {
    let ids: Vec<ObjectId> = objects.iter().map(Object::id).collect();
    cluster.may(&["get", "create", "patch"], &ids).await?;
    own_certificate(cluster, settings).await?;
    let secret = ids
        .iter()
        .find(|id| id.kind == "Secret" && id.name == "kfwasm");
    let live = match secret {
        Some(id) => cluster.get(id).await?,
        None => None,
    };
    if secret.is_some() {
        objects = files.fill(objects, live.as_ref(), settings)?;
    }
    Ok(objects)
}

fn show(plan: &Plan, args: &ApplyingArgs) {
    if args.diff {
        print!("{}", plan.difference());
    }
    if args.dry_run {
        print!("{}", plan.summary());
    }
}

async fn agreed(args: &ApplyingArgs) -> bool {
    args.yes || !answer::is_somebody_there() || answer::agrees("Change the cluster so?").await
}

/// What was there is kept before anything is changed; what was kept until then.
async fn record(cluster: &Cluster, plan: &Plan, settings: &Settings) -> Result<Previous, Failure> {
    let namespace = settings.installation.gateway.namespace.as_str();
    let before = Previous::read(cluster, namespace).await?;
    if !plan.is_empty() {
        let mut previous = before.clone();
        previous.add(cluster, plan).await?;
        previous.keep(cluster).await?;
    }
    Ok(before)
}

/// Shows that the filter decides, or takes back what was changed.
async fn verify(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    settings: &Settings,
    args: &ApplyingArgs,
) -> Result<(), Failure> {
    let check = Check {
        address: args.address.clone(),
        limit: Duration::from_secs(args.timeout),
        is_new: plan.changes("Service"),
    };
    let Err(unexpected) = check.run(cluster, settings).await else {
        return Ok(());
    };
    let Unexpected { what, advice } = unexpected;
    if plan.is_empty() {
        let what = format!("nothing was changed, and the filter does not decide: {what}");
        return Err(Failure::failed(what, advice));
    }
    eprintln!("The filter does not decide: {what}");
    roll_back(cluster, plan, before).await?;
    let what = format!("everything is as it was before: {what}");
    Err(Failure::failed(what, advice))
}

/// Objects that are as they should be may still be on their way: they are waited for too.
async fn carry_out(cluster: &Cluster, plan: &Plan, args: &ApplyingArgs) -> Result<(), Failure> {
    let waiting = Waiting {
        limit: Duration::from_secs(args.timeout),
    };
    let how = Applying {
        dry_run: false,
        force: args.force_conflicts,
    };
    for step in &plan.steps {
        let id = step.wanted.id();
        if !matches!(step.change, Change::Nothing) {
            match cluster.apply(&step.wanted, how).await {
                Ok(_) => eprintln!("applied   {id}"),
                Err(Refused::Failed(failure)) => return Err(failure),
                Err(Refused::Conflicts(_)) => return Err(changed_meanwhile(&id)),
            }
        }
        waiting.until_ready(cluster, &id).await?;
    }
    Ok(())
}

fn changed_meanwhile(id: &ObjectId) -> Failure {
    Failure::failed(
        format!("{id} was changed by somebody else in the meantime"),
        "run the same command again",
    )
}
