//! Whether what was applied does what it is there for: in each pod, and by requests as browsers and scripts send them.

use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::{Instant, sleep};

use super::Plan;
use super::condition::addresses;
use super::everywhere::until_everywhere;
use super::taken::{Counted, Taken};
use super::verification::Verification;
use crate::cluster::Cluster;
use crate::object::ObjectId;
use crate::probe::{Target, Unexpected};
use crate::settings::Settings;

const PAUSE: Duration = Duration::from_secs(1);
/// Where the filter runs everywhere it decides at once, but for what it must first hear from the provider.
const SOON: Duration = Duration::from_secs(30);

/// What is checked, and how.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// Where the gateway is asked, when it is neither at its load balancer nor at its public host.
    pub(crate) address: Option<String>,
    /// How long it may take to work.
    pub(crate) limit: Duration,
    /// Whether the way to the gateway has just been made, so that it may not be open yet.
    pub(crate) is_new: bool,
    /// Whether the gateway has just been told where to listen, so that it may not do so yet.
    pub(crate) listens_anew: bool,
    /// What each pod had before, where another configuration is on its way to it.
    pub(crate) former: Option<Taken>,
}

/// What each pod has now, where the plan brings another configuration and somebody may look.
pub(crate) async fn former(
    cluster: &Cluster,
    plan: &Plan,
    settings: &Settings,
    limit: Duration,
) -> Option<Taken> {
    if !plan.reconfigures() {
        return None;
    }
    let seen = Taken::once_seen(Counted::Configurations, cluster, settings, limit.min(SOON));
    seen.await.ok()
}

impl Check {
    /// Waits until the filter runs everywhere and decides. A gateway that cannot be asked from here is no failure: it comes
    /// back why not.
    pub(crate) async fn run(
        &self,
        cluster: &Cluster,
        settings: &Settings,
    ) -> Result<Option<Unasked>, Unexpected> {
        self.until_taken(cluster, settings).await?;
        until_everywhere(cluster, settings, self.limit).await?;
        let targets = self.targets(cluster, settings).await;
        match self.reachable(settings, &targets).await {
            Err(why) => Ok(Some(Unasked(why))),
            Ok(verification) => {
                verification.until_it_works(self.limit.min(SOON)).await?;
                eprintln!("verified  {}: the filter decides", verification.authority());
                Ok(None)
            }
        }
    }

    /// A filter that goes on as it was would be verified in the place of the one that was asked for.
    async fn until_taken(&self, cluster: &Cluster, settings: &Settings) -> Result<(), Unexpected> {
        let Some(former) = &self.former else {
            return Ok(());
        };
        eprintln!("waiting   for the filter to take its new configuration in each pod");
        let taken = former.until_others(cluster, settings, self.limit).await;
        taken.map_err(|pods| Unexpected {
            what: format!("it goes on with its former configuration: {pods}"),
            advice: "the log of that pod says why: the filter refused it, or Envoy was not told of it",
        })
    }

    /// The load balancer comes before the public host, which may still lead elsewhere.
    async fn targets(&self, cluster: &Cluster, settings: &Settings) -> Vec<Target> {
        let config = &settings.installation.plugin;
        if let Some(address) = &self.address {
            return Target::of(config, Some(address)).into_iter().collect();
        }
        let gateway = &settings.installation.gateway;
        let service = ObjectId::of(
            "v1",
            "Service",
            gateway.namespace.as_str(),
            gateway.service.as_str(),
        );
        let service = cluster.get(&service).await.ok().flatten();
        let balancers = service.iter().flat_map(addresses);
        let at = |address: &str| Target::of(config, None).map(|target| target.at(address));
        let balancers = balancers.filter_map(at);
        balancers.chain(Target::of(config, None)).collect()
    }

    /// The first that answers, or why the last does not.
    async fn reachable<'t>(
        &self,
        settings: &Settings,
        targets: &'t [Target],
    ) -> Result<Verification<'t>, String> {
        let deadline = Instant::now() + self.limit;
        let mut said = String::new();
        loop {
            let mut why = "kfwasm.yaml names no public host".to_owned();
            for target in targets {
                let verification = Verification::of(settings, target)?;
                match verification.gateway_answers().await {
                    Ok(()) => return Ok(verification),
                    Err(refused) => why = refused,
                }
            }
            if Instant::now() > deadline || !self.may_answer_yet(targets).await {
                return Err(why);
            }
            if why != said {
                eprintln!("waiting   for the gateway to answer: {why}");
                said = why;
            }
            sleep(PAUSE).await;
        }
    }

    /// Whether it is of use to ask again. A name that leads nowhere does so until somebody registers it.
    async fn may_answer_yet(&self, targets: &[Target]) -> bool {
        self.is_new || self.listens_anew && lead_somewhere(targets).await
    }
}

async fn lead_somewhere(targets: &[Target]) -> bool {
    for target in targets {
        if lookup_host(&target.address).await.is_ok() {
            return true;
        }
    }
    false
}

/// Why the gateway could not be asked whether the filter decides.
#[derive(Clone, Debug)]
pub(crate) struct Unasked(String);

impl Unasked {
    /// Tells it so that nobody takes what was done for verified.
    pub(crate) fn tell(&self) {
        let Self(why) = self;
        eprintln!(
            "NOT VERIFIED: not asked whether the filter decides: {why}\n    `kfwasm doctor` looks again once this machine reaches the gateway; --address names where it does"
        );
    }
}
