use std::net::IpAddr;

use super::{Finding, Mark, Survey};

/// Each redirect URI leads to the load balancer of this gateway.
pub(super) fn redirect_uri(survey: &Survey) -> Finding {
    const RULE: &str = "redirect URI";
    if survey.hosts.is_empty() {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    }
    if let Err(reason) = &survey.service {
        return Finding::unchecked(RULE, reason, "ask for the right to read Services");
    }
    if survey.balancer_names().is_empty() {
        let names = &survey.names;
        let (namespace, name) = (names.namespace.as_str(), names.service.as_str());
        return Finding::unchecked(
            RULE,
            &format!("Service {namespace}/{name} has no address of a load balancer"),
            "make it one of type LoadBalancer, or see what stands in front of it",
        );
    }
    let hosts = survey.hosts.iter();
    let astray = hosts.filter_map(|(host, found)| astray(RULE, host, found, survey));
    let worst = astray.max_by_key(|finding| finding.mark == Mark::Wrong);
    worst.unwrap_or_else(|| Finding::good(RULE, lead_there(survey)))
}

fn lead_there(survey: &Survey) -> String {
    let hosts: Vec<&str> = survey.hosts.iter().map(|(host, _)| host.as_str()).collect();
    let verb = if hosts.len() == 1 { "leads" } else { "lead" };
    format!("{} {verb} to the load balancer", hosts.join(", "))
}

/// What is wrong with a public host that does not lead to the load balancer.
fn astray(
    rule: &'static str,
    host: &str,
    found: &Result<Vec<IpAddr>, String>,
    survey: &Survey,
) -> Option<Finding> {
    let names = survey.balancer_names();
    if names.iter().any(|name| name == host) {
        return None;
    }
    let (resolved, balancer) = match (found, &survey.balancer) {
        (Ok(resolved), Ok(balancer)) => (resolved, balancer),
        (Err(why), _) => return Some(Finding::wrong(rule, why, "make a DNS record for it")),
        (_, Err(why)) => {
            return Some(Finding::unchecked(
                rule,
                why,
                "see the load balancer's name",
            ));
        }
    };
    if resolved.iter().any(|address| balancer.contains(address)) {
        return None;
    }
    let (there, balancer) = (list(resolved), names.join(", "));
    if there == host {
        let what = format!("{host} is not the load balancer, {balancer}");
        return Some(Finding::wrong(
            rule,
            what,
            "write the load balancer's address into publicHosts, and register its redirect URI",
        ));
    }
    let what = format!("{host} leads to {there} and not to the load balancer, {balancer}");
    let advice = "correct the DNS record, or write the load balancer's address into publicHosts and register its redirect URI";
    Some(Finding::wrong(rule, what, advice))
}

fn list(addresses: &[IpAddr]) -> String {
    let texts: Vec<_> = addresses.iter().map(IpAddr::to_string).collect();
    texts.join(", ")
}
