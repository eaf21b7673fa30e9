use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgGroup, Args};

use super::apply::{self, ApplyingArgs, Verified};
use super::cluster_args::run_async;
use super::going_back::GoingBack;
use super::place::PlaceArgs;
use crate::answer;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::migrate::{
    ChangeOver, Draft, Found, Removal, Surroundings, from_cluster, from_directory,
};
use crate::probe::Target;
use crate::registration;
use crate::settings::Settings;
use crate::starter::StarterArgs;

const REMOVE: &str = "Remove what signed people in before?";

/// Make kfwasm.yaml of what oidc-authservice or oauth2-proxy was told, and change over to it.
///
/// It says what became of each setting. Secrets are neither shown nor written. Then look at kfwasm.yaml, `kfwasm build`
/// it, and change over with --cut-over: the filter is applied behind what signs people in now, then that is removed, then
/// requests show that the filter decides; if it does not, everything is put back. --back does the same later.
#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new(CHANGING).args(["cut_over", "back"]), mut_args(where_it_means_something))]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// The directory in which `kfctl build` was run, instead of a cluster.
    #[arg(long, value_name = "KF_DIR")]
    from: Option<PathBuf>,
    /// Apply what was built, and remove what signed people in before.
    #[arg(long, conflicts_with_all = ["from", "back", "StarterArgs"])]
    cut_over: bool,
    /// Go back to what was there before.
    #[arg(long, conflicts_with_all = ["from", "StarterArgs"])]
    back: bool,
    /// The namespace of Istio and its gateway, for taking over: there is no kfwasm.yaml yet that says it.
    #[arg(long, value_name = "NAME", default_value = "istio-system")]
    namespace: String,
    /// Overwrite kfwasm.yaml.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    applying: ApplyingArgs,
    #[command(flatten)]
    starter: StarterArgs,
}

/// What changes the cluster, with a kfwasm.yaml that is there.
const CHANGING: &str = "changing";

/// What somebody gives is used or refused: who asks for a dry run where there is none does not want the other.
fn where_it_means_something(flag: Arg) -> Arg {
    match flag.get_id().as_str() {
        "diff" | "dry_run" => flag.requires(CHANGING),
        "force_conflicts" | "secret" | "address" | "no_verify" => {
            flag.requires("cut_over").conflicts_with("back")
        }
        "namespace" | "overwrite" => flag.conflicts_with(CHANGING),
        _ => flag,
    }
}

pub(super) fn run(args: &MigrateArgs) -> Result<ExitCode, Failure> {
    match (args.cut_over, args.back) {
        (true, _) => cut_over(args),
        (_, true) => go_back(args),
        _ => take_over(args),
    }
}

fn cut_over(args: &MigrateArgs) -> Result<ExitCode, Failure> {
    let directory = args.place.directory()?;
    let settings = Settings::read(directory.settings_file())?;
    let applying = &args.applying;
    let plan =
        async { Removal::plan(&applying.cluster.connect_to_change().await?, &settings).await };
    let removal = run_async(plan)?;
    eprint!("{}", removal.summary());
    if !removal.is_empty() && !applying.showing.only_shows() {
        // Before the filter stands behind what nobody may then remove.
        answer::can_be_agreed(applying.yes, REMOVE, "nothing was changed")?;
    }
    // Until it is removed, the predecessor answers.
    let verified = match removal.is_empty() {
        true => Verified::Afterwards,
        false => Verified::ByCaller,
    };
    let applied = apply::apply(&directory, applying, verified)?;
    if removal.is_empty() {
        eprintln!("Nothing else signs people in: there is nothing to remove.");
    } else if !applying.showing.only_shows() {
        run_async(change_over(args, &settings, &removal))?;
    }
    Ok(applied)
}

async fn change_over(
    args: &MigrateArgs,
    settings: &Settings,
    removal: &Removal,
) -> Result<(), Failure> {
    let agreed = answer::agreed(args.applying.yes, REMOVE, "nothing was removed").await;
    agreed.map_err(|stopped| stopped.or_advice("the same command continues"))?;
    let target = Target::of(
        &settings.installation.plugin,
        args.applying.address.as_deref(),
    );
    let no_host = || {
        Failure::usage(
            "kfwasm.yaml names no public host",
            "write plugin.publicHosts",
        )
    };
    let change_over = ChangeOver {
        target: target.ok_or_else(no_host)?,
        limit: args.applying.timeout.limit(),
    };
    let cluster = args.applying.cluster.connect_to_change().await?;
    change_over.run(&cluster, settings, removal).await
}

fn go_back(args: &MigrateArgs) -> Result<ExitCode, Failure> {
    let meant = args.place.meant()?;
    let namespace = meant.gateway.namespace.as_str();
    run_async(async {
        let cluster = args.applying.cluster.connect_to_change().await?;
        let previous = meant.previous(&cluster).await?;
        if previous.is_empty() {
            eprintln!("kfwasm is not installed in {namespace}: there is nothing to go back from.");
            return Ok(());
        }
        let going_back = GoingBack {
            question: "Go back to what was there before?",
            showing: args.applying.showing,
            yes: args.applying.yes,
            limit: args.applying.timeout.limit(),
        };
        going_back.run(&cluster, &previous).await
    })?;
    Ok(ExitCode::SUCCESS)
}

fn take_over(args: &MigrateArgs) -> Result<ExitCode, Failure> {
    let directory = args.place.directory()?;
    args.starter.well_formed()?;
    let file = directory.settings_file();
    if file.exists() && !args.overwrite {
        return Err(Failure::usage(
            format!("{} is there already", file.display()),
            "--overwrite makes it anew; --cut-over changes over to it",
        ));
    }
    let mut starter = args.starter.clone();
    let found = match &args.from {
        Some(from) => from_directory(from)?,
        None => look(args, &mut starter)?,
    };
    let draft = found.draft(starter.host.clone());
    let name = args.place.name.as_deref().unwrap_or("kubeflow");
    let text = draft.file(found.predecessor, &starter, name)?;
    directory.make_settings(&text)?;
    tell(&found, &draft, &directory);
    refuse_what_cannot_be(file, &text)?;
    Ok(ExitCode::SUCCESS)
}

fn look(args: &MigrateArgs, starter: &mut StarterArgs) -> Result<Found, Failure> {
    run_async(async {
        let cluster = args.applying.cluster.connect().await?;
        let found = from_cluster(&cluster, &args.namespace).await?;
        Surroundings::look(&cluster, &args.namespace)
            .await?
            .complete(starter);
        Ok(found)
    })
}

fn tell(found: &Found, draft: &Draft, directory: &Directory) {
    let file = directory.settings_file().display();
    println!("{}: {}\n", found.predecessor.name(), found.place);
    println!("{}", draft.ledger);
    eprintln!("Made {file}");
    if draft.ledger.leaves_something() {
        eprintln!("Look at what could not be taken over before you go on.");
    }
    if let Some(secret) = &draft.secret {
        eprintln!(
            "The client secret stays where it is. Hand it on with:\n  {}",
            secret.command()
        );
    }
    if found.is_published {
        eprintln!(
            "It is the one that Kubeflow's manifests publish: everybody knows it. Change it at the provider."
        );
    }
}

/// It is written all the same: it is easier to correct than to begin.
fn refuse_what_cannot_be(file: &Path, text: &str) -> Result<(), Failure> {
    let refused = |problems| {
        let what = format!("{} must be corrected first\n{problems}", file.display());
        Failure::usage(what, "")
    };
    let settings = Settings::parse(text).map_err(refused)?;
    registration::tell(&settings);
    Ok(())
}
