use std::net::IpAddr;

use kfwasm_config::Config;
use tokio::net::lookup_host;

/// What each public host is in the DNS, as it is here.
pub(super) async fn of_hosts(
    config: Option<&Config>,
) -> Vec<(String, Result<Vec<IpAddr>, String>)> {
    let mut hosts = Vec::new();
    for host in config.iter().flat_map(|config| &config.public_hosts) {
        let name = without_port(host.as_str()).to_owned();
        let resolved = of_all(std::slice::from_ref(&name)).await;
        hosts.push((name, resolved));
    }
    hosts
}

/// An IPv6 address stands in brackets, and is resolved without.
fn without_port(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// What these names are; an address is itself.
pub(super) async fn of_all(names: &[String]) -> Result<Vec<IpAddr>, String> {
    let mut addresses = Vec::new();
    for name in names {
        if let Ok(address) = name.parse() {
            addresses.push(address);
            continue;
        }
        let found = lookup_host((name.as_str(), 443)).await;
        let found = found.map_err(|error| format!("{name} is not in the DNS: {error}"))?;
        addresses.extend(found.map(|address| address.ip()));
    }
    Ok(addresses)
}
