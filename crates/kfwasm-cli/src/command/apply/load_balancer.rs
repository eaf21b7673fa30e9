//! What comes before kfwasm.yaml, where its public host is an address that is not there yet: the gateway's Service,
//! closed.

use super::planned::planned;
use super::{ApplyingArgs, agreed_to, show};
use crate::command::cluster_args::run_async;
use crate::failure::Failure;
use crate::module::Module;
use crate::render;
use crate::settings::Settings;
use crate::starter::address_of;

/// Stands for the address until it is known: a name, so that whoever reads a difference sees what comes there.
pub(in crate::command) const STAND_IN: &str = "address-of-the-load-balancer";

/// Makes the gateway's Service a load balancer at which everything is denied, and waits for its address; nothing, where
/// changes are only shown.
///
/// All that will follow is planned first, with the stand-in: what the account may not do, what others own and a secret that
/// is missing are told while nothing is changed.
pub(in crate::command) fn balance(
    settings: &Settings,
    module: Option<&Module>,
    args: &ApplyingArgs,
) -> Result<Option<String>, Failure> {
    let files = args.secret_files()?;
    let objects = render::objects(settings, module);
    run_async(async {
        let cluster = args.cluster.connect_to_change().await?;
        let (plan, before) = planned(&cluster, objects, &files, settings, args).await?;
        if args.showing.only_shows() {
            show(&plan, args);
            eprintln!(
                "The address is not known before the Service is changed: {STAND_IN} stands for it. Nothing was written."
            );
            plan.without_conflicts()?;
            return Ok(None);
        }
        plan.without_conflicts()?;
        let first = plan.of_closed_address();
        if !first.is_empty() {
            eprintln!(
                "The gateway's Service gets its address first: the rest is made of it. Until that is applied too, the gateway denies everything, there and wherever else it is reached."
            );
        }
        agreed_to(&cluster, &first, &before, settings, args).await?;
        args.carrying_out().run(&cluster, &first, settings).await?;
        address_of(&cluster).await.map(Some)
    })
}
