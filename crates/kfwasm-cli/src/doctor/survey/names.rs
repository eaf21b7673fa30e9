use std::net::IpAddr;

use tokio::net::lookup_host;

use crate::probe::Target;

/// What the public host is in the DNS, as it is here.
pub(super) async fn of_target(target: Option<&Target>) -> Result<Vec<IpAddr>, String> {
    match target {
        Some(target) => of_all(&[target.host().to_owned()]).await,
        None => Err("the plugin's configuration names no public host".to_owned()),
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
