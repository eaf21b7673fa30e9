use std::env;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::cluster_args::{ClusterArgs, run_async};
use super::place::{Meant, PlaceArgs};
use super::timeout::TimeoutArgs;
use crate::answer;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::install::{Plan, SecretFiles, bring};
use crate::keys::KeyRing;
use crate::object::{Object, ObjectId};
use crate::settings::Settings;

/// The keys that seal the sessions.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum KeysCommand {
    Rotate(RotateArgs),
}

/// Put a new key first, without signing anybody out.
///
/// The gateway's pods are replaced twice: first every pod learns to open what the new key seals, then it seals. Old keys
/// open sessions until they are dropped, so rotate no more often than sessions last (session.absolute).
#[derive(Args, Clone, Debug)]
struct RotateArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    cluster: ClusterArgs,
    /// How many of the old keys go on opening sessions. With 0, everybody must sign in again.
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    keep: usize,
    /// Let the server say what would be done, and change nothing in the cluster.
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before changing the cluster. Needed where nobody is at a terminal.
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    timeout: TimeoutArgs,
}

pub(super) fn run(args: &KeysArgs) -> Result<ExitCode, Failure> {
    let KeysCommand::Rotate(args) = &args.command;
    run_async(rotate(args))?;
    Ok(ExitCode::SUCCESS)
}

async fn rotate(args: &RotateArgs) -> Result<(), Failure> {
    let directory = args.place.directory()?;
    let settings = Settings::read(directory.settings_file())?;
    let field = settings.session_keys().to_owned();
    not_in_environment(&field)?;
    let objects = keyed(directory.read()?)?;
    let cluster = args.cluster.connect_to_change().await?;
    Meant::by(&settings).previous(&cluster).await?;
    let ids: Vec<ObjectId> = objects.iter().map(Object::id).collect();
    cluster.may(&["get", "patch"], &ids).await?;
    let live = live_secret(&cluster, &objects).await?;
    let ring = KeyRing::of(&live, &field).ok_or_else(|| no_ring(&live.id(), &field))?;
    let keys = match ring.len() {
        1 => "one key".to_owned(),
        number => format!("{number} keys"),
    };
    eprintln!("The ring has {keys}. Every pod of the gateway is replaced, twice.");
    let rings = ring.rotated(args.keep)?;
    let filled = |ring: &KeyRing| {
        let live = live.clone().with(&format!("/data/{field}"), ring.encoded());
        SecretFiles::default().fill(objects.clone(), Some(&live), &settings)
    };
    if args.dry_run {
        let [first, _] = &rings;
        print!(
            "{}",
            Plan::make(&cluster, filled(first)?, false).await?.summary()
        );
        return Ok(());
    }
    answer::agreed(args.yes, "Put a new key first?", "nothing was changed").await?;
    for (step, ring) in ["opens", "seals"].iter().zip(&rings) {
        bring(&cluster, filled(ring)?, &settings, args.timeout.limit()).await?;
        eprintln!("The new key {step} on every pod.");
    }
    tell(&ring, args.keep);
    Ok(())
}

/// The environment would win over the new ring.
fn not_in_environment(field: &str) -> Result<(), Failure> {
    if env::var_os(field).is_none() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("the environment has a {field}, which would be taken for the new keys"),
        format!("unset {field}, and run the same command again"),
    ))
}

/// What a new ring changes: the Secret, and the pods that read it when they start.
fn keyed(objects: Vec<Object>) -> Result<Vec<Object>, Failure> {
    let is_keyed = |object: &Object| {
        let kind = object.text("/kind");
        kind == "Deployment" || (kind == "Secret" && object.text("/metadata/name") == "kfwasm")
    };
    let keyed: Vec<Object> = objects.into_iter().filter(is_keyed).collect();
    if keyed.len() == 2 {
        return Ok(keyed);
    }
    Err(Failure::usage(
        "the directory has no Secret kfwasm and Deployment of the gateway",
        "run `kfwasm build` first",
    ))
}

async fn live_secret(cluster: &Cluster, objects: &[Object]) -> Result<Object, Failure> {
    let secret = objects
        .iter()
        .find(|object| object.text("/kind") == "Secret");
    let id = secret.map(Object::id);
    let live = match &id {
        Some(id) => cluster.get(id).await?,
        None => None,
    };
    live.ok_or_else(|| {
        Failure::not_ready(
            "kfwasm is not installed there: there is no Secret kfwasm",
            "`kfwasm install` makes it, with a key",
        )
    })
}

fn no_ring(secret: &ObjectId, field: &str) -> Failure {
    Failure::failed(
        format!("{secret} has no keys in {field}"),
        "`kfwasm apply` makes one",
    )
}

fn tell(before: &KeyRing, keep: usize) {
    let kept = keep.min(before.len());
    let dropped = before.len().saturating_sub(kept);
    eprintln!("Rotated: of the old keys {kept} still open sessions, {dropped} were dropped.");
    if dropped > 0 {
        eprintln!("Whoever has a session of a dropped key signs in again.");
    }
}
