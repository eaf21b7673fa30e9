//! Who is asked from here, so that it is the one whom the gateway asks.

use std::net::IpAddr;

use kfwasm_config::{EndpointUrl, Provider, Scheme, is_in_cluster};

/// Where a provider's discovery document is (OIDC Discovery §4).
pub(super) fn document(provider: &Provider) -> Result<EndpointUrl, String> {
    let url = provider.discovery_url();
    let url = url.map_err(|_| "the issuer is too long to be asked".to_owned())?;
    same_from_here(&url)?;
    Ok(url)
}

/// Names of the cluster are known there alone. This machine's resolver may know somebody else by such a name, and over plain
/// http nobody shows who they are.
pub(super) fn same_from_here(url: &EndpointUrl) -> Result<(), String> {
    let host = url.host();
    if is_loopback(host) {
        return Ok(());
    }
    if is_in_cluster(host) {
        return Err("the provider is in the cluster".to_owned());
    }
    if url.scheme() == Scheme::Http {
        return Err(format!(
            "over plain http, {host} may be somebody else here than in the cluster"
        ));
    }
    Ok(())
}

/// By its address, or by the name that means no other (RFC 6761 §6.3).
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |address: IpAddr| address.is_loopback();
    host == "localhost" || address.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_plain_http_only_this_machine_is_asked() {
        let is_asked = |url: &str| same_from_here(&EndpointUrl::parse(url, true).unwrap()).is_ok();
        for url in [
            "https://id.example.com/",
            "http://127.0.0.1:8080/",
            "http://[::1]:8080/",
            "http://localhost:8080/",
        ] {
            assert!(is_asked(url), "{url}");
        }
        for url in [
            "http://id.example.com/",
            "http://dex:5556/dex",
            "http://dex.auth:5556/dex",
            "http://dex.auth.svc:5556/dex",
            "http://203.0.113.7/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "https://dex.auth.svc.cluster.local/",
        ] {
            assert!(!is_asked(url), "{url}");
        }
    }
}
