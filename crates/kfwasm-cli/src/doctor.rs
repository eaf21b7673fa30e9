//! What is wrong with an installation: a survey of the cluster, and rules that judge it.

mod conflicts;
mod finding;
mod gateway;
mod identity;
mod plugin;
pub(crate) mod report;
mod survey;

pub(crate) use finding::{Finding, Mark};
pub(crate) use survey::Survey;

/// Every rule, in the order in which a person would look.
pub(crate) fn check(survey: &Survey) -> Vec<Finding> {
    let rules = [
        plugin::plugin,
        plugin::backstop,
        conflicts::external_authorization,
        conflicts::authservice,
        gateway::rollout,
        gateway::secrets,
        gateway::certificate,
        identity::owners,
    ];
    rules.iter().map(|rule| rule(survey)).collect()
}
