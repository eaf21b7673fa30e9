use std::process::ExitCode;

use clap::Args;

use super::cluster_args::{ClusterArgs, run_async};
use super::place::{Meant, PlaceArgs};
use crate::failure::Failure;
use crate::install::Progress;
use crate::status::{Fact, Status, json};

/// Show what is installed in the cluster: versions, plugin, backstop, certificate, redirect URIs. `kfwasm doctor` judges it.
///
/// Where an installation was broken off, it shows what of it is there and what is missing, and ends with 1.
#[derive(Args, Clone, Debug)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(flatten)]
    place: PlaceArgs,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &StatusArgs) -> Result<ExitCode, Failure> {
    let meant = args.place.meant()?;
    let (status, progress) = run_async(look(args, &meant))?;
    let facts = facts(status.as_ref(), &progress);
    let namespace = meant.gateway.namespace.as_str();
    if facts.is_empty() {
        return Err(Failure::failed(
            format!("kfwasm is not installed in {namespace}"),
            "`kfwasm install` does it; where the gateway is elsewhere, name the directory that says so",
        ));
    }
    print(&facts, args.json);
    whole(status.is_some(), &progress, namespace)?;
    Ok(ExitCode::SUCCESS)
}

async fn look(args: &StatusArgs, meant: &Meant) -> Result<(Option<Status>, Progress), Failure> {
    let cluster = args.cluster.connect().await?;
    let previous = meant.previous(&cluster).await?;
    let status = Status::of(&cluster, &meant.gateway).await?;
    let progress = Progress::of(&cluster, &previous).await?;
    Ok((status, progress))
}

/// Without a plugin there is nothing to say but what there is of the rest.
fn facts(status: Option<&Status>, progress: &Progress) -> Vec<Fact> {
    let list = |name, ids: &[_]| -> Vec<Fact> {
        let facts = ids.iter().map(|id: &_| (name, ToString::to_string(id)));
        facts.collect()
    };
    let mut facts = match status {
        Some(status) => status.facts(),
        None => list("there", &progress.there),
    };
    facts.extend(list("missing", &progress.missing));
    facts
}

fn print(facts: &[Fact], as_json: bool) {
    match as_json {
        true => println!("{:#}", json(facts)),
        false => facts
            .iter()
            .for_each(|(name, fact)| println!("{name:<13} {fact}")),
    }
}

fn whole(has_filter: bool, progress: &Progress, namespace: &str) -> Result<(), Failure> {
    let (there, missing) = (progress.there.len(), progress.missing.len());
    let all = there.saturating_add(missing);
    let what = match (missing, has_filter) {
        (0, true) => return Ok(()),
        (0, false) => "the filter and the rest are still to come".to_owned(),
        _ => format!("{missing} of {all} objects are missing"),
    };
    Err(Failure::failed(
        format!("the installation in {namespace} is not whole: {what}"),
        "the command that began it continues (`kfwasm apply` or `kfwasm install`); `kfwasm uninstall` goes back to what was there",
    ))
}
