mod args;
mod kept;
mod load_balancer;
mod planned;

use std::process::ExitCode;

use super::cluster_args::run_async;
use crate::answer;
use crate::cluster::Cluster;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::install::{Check, Plan, Previous, Unasked, former, roll_back};
use crate::probe::Unexpected;
use crate::registration;
use crate::settings::Settings;
pub(crate) use args::{ApplyArgs, ApplyingArgs};
use kept::{forget, record};
pub(super) use load_balancer::{STAND_IN, balance};
use planned::{objects, planned};

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
        let cluster = args.cluster.connect_to_change().await?;
        let (plan, before) = planned(&cluster, objects, &files, &settings, args).await?;
        if args.showing.only_shows() {
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
        let check = args.check(&plan, &before, former);
        let unasked = match is_verified {
            true => verify(&cluster, &plan, &before, &settings, &check).await?,
            false => None,
        };
        forget(&cluster, &plan, &settings).await?;
        registration::tell(&settings);
        // Last, where nobody overlooks it.
        unasked.iter().for_each(Unasked::tell);
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn show(plan: &Plan, args: &ApplyingArgs) {
    if args.showing.diff {
        print!("{}", plan.difference());
    }
    if args.showing.dry_run {
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
    if !plan.is_empty() {
        agreed(plan, args.yes).await?;
    }
    record(cluster, plan, before, settings.installation.name.as_str()).await
}

/// What takes nothing away goes on where there is nobody to ask, as with `kubectl apply`.
async fn agreed(plan: &Plan, yes: bool) -> Result<(), Failure> {
    if !plan.takes_away() && !answer::is_somebody_there() {
        return Ok(());
    }
    answer::agreed(yes, "Change the cluster so?", "nothing was changed").await
}

/// Shows that the filter decides, or takes back what was changed.
async fn verify(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    settings: &Settings,
    check: &Check,
) -> Result<Option<Unasked>, Failure> {
    let Unexpected { what, advice } = match check.run(cluster, settings).await {
        Ok(unasked) => return Ok(unasked),
        Err(unexpected) => unexpected,
    };
    if plan.is_empty() {
        let what = format!("nothing was changed, and the filter does not decide: {what}");
        return Err(Failure::failed(what, started_anew(advice, settings)));
    }
    eprintln!("The filter does not decide: {what}");
    roll_back(cluster, plan, before, check.limit).await?;
    let what = format!("everything is as it was before: {what}");
    Err(Failure::failed(what, advice))
}

/// Pods keep what they read as they started, whatever the Secret says since.
fn started_anew(advice: &str, settings: &Settings) -> String {
    let gateway = &settings.installation.gateway;
    let (namespace, name) = (gateway.namespace.as_str(), gateway.deployment.as_str());
    format!(
        "{advice}; pods that have read another secret as they started are started anew by `kubectl rollout restart -n {namespace} deployment/{name}`"
    )
}
