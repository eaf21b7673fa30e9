//! What is wrong with an installation: a survey of the cluster and the gateway, and rules that judge it.

mod address;
mod backstop;
mod behaviour;
mod certificate;
mod client_secret;
mod clock;
mod conflicts;
mod defaults;
mod finding;
mod gateway;
mod identity;
mod istio;
mod module;
mod network;
mod plugin;
mod provider;
mod replicas;
pub(crate) mod report;
mod secret_end;
mod survey;

use crate::cluster::Cluster;
use crate::settings::Settings;
pub(crate) use finding::{Finding, Mark};
pub(crate) use survey::{Looking, Survey};

/// Whether browsers that are sent back by the provider come to this gateway.
pub(crate) async fn redirect_uri(cluster: &Cluster, settings: &Settings) -> Finding {
    let gateway = &settings.installation.gateway;
    let survey = Survey::of_address(&cluster.reader(), gateway, &settings.plugin).await;
    address::redirect_uri(&survey)
}

type Rule = fn(&Survey) -> Finding;

/// Every rule by what it is about, in the order in which a person would look.
const CHAPTERS: [(&str, &[Rule]); 7] = [
    ("Platform", &[istio::version, gateway::rollout]),
    (
        "Filter",
        &[
            plugin::plugin,
            plugin::configuration,
            module::module,
            replicas::loaded,
            backstop::backstop,
            gateway::secrets,
        ],
    ),
    (
        "Conflicts",
        &[
            conflicts::external_authorization,
            conflicts::authservice,
            conflicts::identity_headers,
            conflicts::demanded_token,
        ],
    ),
    (
        "Certificate",
        &[
            certificate::present,
            certificate::lifetime,
            certificate::names,
            certificate::served,
        ],
    ),
    (
        "Provider",
        &[
            address::redirect_uri,
            provider::discovery,
            network::egress,
            provider::from_the_gateway,
            client_secret::taken,
            clock::skew,
        ],
    ),
    (
        "Identity",
        &[identity::owners, identity::lower_case, defaults::published],
    ),
    (
        "Behaviour",
        &[
            behaviour::navigation,
            behaviour::script,
            behaviour::forger,
            behaviour::web_socket,
        ],
    ),
];

/// What each rule found.
pub(crate) fn check(survey: &Survey) -> Vec<Finding> {
    let of_chapter = |(chapter, rules): &(&'static str, &[Rule])| {
        let chapter = *chapter;
        let found = rules.iter().map(|rule| Finding {
            chapter,
            ..rule(survey)
        });
        found.collect::<Vec<_>>()
    };
    CHAPTERS.iter().flat_map(of_chapter).collect()
}
