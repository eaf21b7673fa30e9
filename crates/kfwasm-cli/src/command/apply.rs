mod load_balancer;

use std::process::ExitCode;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use super::place::PlaceArgs;
use super::timeout::TimeoutArgs;
use crate::answer;
use crate::cluster::Cluster;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::install::{
    CarryingOut, Check, Plan, Previous, SecretFiles, Taken, former, needed_policy, own_certificate,
    roll_back,
};
use crate::object::{Object, ObjectId};
use crate::probe::Unexpected;
use crate::registration;
use crate::render;
use crate::settings::Settings;
pub(super) use load_balancer::{STAND_IN, balance};

/// Bring the directory to the cluster.
///
/// What was there before is kept in the ConfigMap kfwasm-previous. What an earlier kfwasm.yaml of this installation has
/// brought and this one does not is taken away again. Interrupted at any moment, the same command continues.
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
    /// Show what would be different, and change nothing in the cluster.
    #[arg(long)]
    diff: bool,
    /// Let the server say what would be done, and change nothing in the cluster.
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
    #[command(flatten)]
    pub(crate) timeout: TimeoutArgs,
    /// Where the gateway is asked whether the filter decides, when it is neither at its load balancer nor at its public
    /// host.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) address: Option<String>,
    /// Do not ask the gateway whether the filter decides.
    #[arg(long)]
    no_verify: bool,
}

impl ApplyingArgs {
    /// Where the secrets are that the cluster does not have yet.
    pub(super) fn secret_files(&self) -> Result<SecretFiles, Failure> {
        SecretFiles::parse(&self.secret)
    }

    /// Whether nothing is to be changed.
    pub(crate) fn only_shows(&self) -> bool {
        self.diff || self.dry_run
    }

    fn carrying_out(&self) -> CarryingOut {
        CarryingOut {
            limit: self.timeout.limit(),
            force: self.force_conflicts,
            looks: !self.no_verify,
        }
    }

    fn check(&self, plan: &Plan, before: &Previous, former: Option<Taken>) -> Check {
        Check {
            address: self.address.clone(),
            limit: self.timeout.limit(),
            is_new: plan.changes("Service") || before.has_only_begun(),
            former,
        }
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
    let files = args.secret_files()?;
    let objects = objects(directory, &settings)?;
    run_async(async {
        let cluster = args.cluster.connect().await?;
        let (plan, before) = planned(&cluster, objects, &files, &settings, args).await?;
        if args.only_shows() {
            show(&plan, args);
            return plan.without_conflicts();
        }
        agreed_to(&cluster, &plan, &before, &settings, args).await?;
        if plan.is_empty() {
            eprintln!("The cluster is as it should be: nothing was changed.");
        }
        let is_verified = verified == Verified::Afterwards && !args.no_verify;
        let former = match is_verified {
            true => former(&cluster, &plan, &settings, args.timeout.limit()).await,
            false => None,
        };
        args.carrying_out().run(&cluster, &plan, &settings).await?;
        registration::tell_where_it_leads(&cluster, &settings).await;
        if is_verified {
            let check = args.check(&plan, &before, former);
            verify(&cluster, &plan, &before, &settings, &check).await?;
        }
        forget(&cluster, &plan, &settings).await?;
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

/// What is to be done, and what was kept of what had been there before kfwasm.
async fn planned(
    cluster: &Cluster,
    objects: Vec<Object>,
    files: &SecretFiles,
    settings: &Settings,
    args: &ApplyingArgs,
) -> Result<(Plan, Previous), Failure> {
    let objects = prepared(cluster, objects, files, settings).await?;
    let before = previous(cluster, settings).await?;
    let plan = Plan::make(cluster, objects, args.force_conflicts).await?;
    let name = settings.installation.name.as_str();
    let plan = plan.pruning(cluster, &before, name).await?;
    Ok((plan, before))
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
    needed_policy(cluster, settings).await?;
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

/// Shows it and asks; then keeps what was there.
async fn agreed_to(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    settings: &Settings,
    args: &ApplyingArgs,
) -> Result<(), Failure> {
    eprint!("{}", plan.summary());
    plan.without_conflicts()?;
    if !plan.is_empty() && !agreed(args).await {
        return Err(Failure::failed("stopped; nothing was changed", ""));
    }
    record(cluster, plan, before, settings.installation.name.as_str()).await
}

async fn agreed(args: &ApplyingArgs) -> bool {
    args.yes || !answer::is_somebody_there() || answer::agrees("Change the cluster so?").await
}

async fn previous(cluster: &Cluster, settings: &Settings) -> Result<Previous, Failure> {
    let namespace = settings.installation.gateway.namespace.as_str();
    Previous::read(cluster, namespace).await
}

/// What was there is kept before anything is changed.
async fn record(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    name: &str,
) -> Result<(), Failure> {
    if plan.is_empty() {
        return Ok(());
    }
    let mut previous = before.clone();
    previous.name(name);
    previous.add(cluster, plan).await?;
    previous.keep(cluster).await
}

/// What we no longer bring is no longer to be taken away: at last, because a way back that breaks off has made it anew.
async fn forget(cluster: &Cluster, plan: &Plan, settings: &Settings) -> Result<(), Failure> {
    let given_up = plan.given_up();
    if given_up.is_empty() {
        return Ok(());
    }
    let mut kept = previous(cluster, settings).await?;
    kept.forget(&given_up);
    kept.keep(cluster).await
}

/// Shows that the filter decides, or takes back what was changed.
async fn verify(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    settings: &Settings,
    check: &Check,
) -> Result<(), Failure> {
    let Err(unexpected) = check.run(cluster, settings).await else {
        return Ok(());
    };
    let Unexpected { what, advice } = unexpected;
    if plan.is_empty() {
        let what = format!("nothing was changed, and the filter does not decide: {what}");
        return Err(Failure::failed(what, advice));
    }
    eprintln!("The filter does not decide: {what}");
    roll_back(cluster, plan, before, check.limit).await?;
    let what = format!("everything is as it was before: {what}");
    Err(Failure::failed(what, advice))
}
