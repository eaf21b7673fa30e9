use std::net::IpAddr;

use super::{Finding, Survey};

/// The redirect URI leads to the load balancer of this gateway.
pub(super) fn redirect_uri(survey: &Survey) -> Finding {
    const RULE: &str = "redirect URI";
    let Some(target) = survey.target(None) else {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    };
    let names = survey.balancer_names();
    if let Err(reason) = &survey.service {
        return Finding::unchecked(RULE, reason, "ask for the right to read Services");
    }
    if names.is_empty() {
        let why = "Service istio-system/istio-ingressgateway has no address of a load balancer";
        return Finding::unchecked(
            RULE,
            why,
            "make it one of type LoadBalancer, or see what stands in front of it",
        );
    }
    let host = target.host();
    if names.iter().any(|name| name == host) {
        return Finding::good(RULE, format!("{host} is the address of the load balancer"));
    }
    let (resolved, balancer) = match (&survey.resolved, &survey.balancer) {
        (Ok(resolved), Ok(balancer)) => (resolved, balancer),
        (Err(why), _) => return Finding::wrong(RULE, why, "make a DNS record for it"),
        (_, Err(why)) => return Finding::unchecked(RULE, why, "see the load balancer's name"),
    };
    if resolved.iter().any(|address| balancer.contains(address)) {
        return Finding::good(RULE, format!("{host} leads to the load balancer"));
    }
    Finding::wrong(
        RULE,
        format!(
            "{host} leads to {} and not to the load balancer, {}",
            list(resolved),
            names.join(", ")
        ),
        "correct the DNS record, or write the load balancer's address into publicHosts and register its redirect URI",
    )
}

fn list(addresses: &[IpAddr]) -> String {
    let texts: Vec<_> = addresses.iter().map(IpAddr::to_string).collect();
    texts.join(", ")
}
