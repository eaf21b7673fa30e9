use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::bootstrap::{bootstrap_of, connection_manager, listener, router};
use super::cluster::provider_cluster;
use super::envoy::{Envoy, Loudness};
use crate::{Parts, ProviderHost, Response, RigError, exchange, free_port, wait_until};

const PATIENCE: Duration = Duration::from_secs(20);
const CALLED: [&str; 4] = [
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "revocation_endpoint",
];
const ADVICE: &str = "check the issuer's address and this machine's way to it (name resolution, proxy, certificate authorities)";

/// Asks a provider for its metadata (OpenID Connect Discovery §4) and tells which hosts a gateway must reach.
///
/// The question goes through an Envoy with the very cluster that the gateway will use, so that what is wrong with
/// name, connection or certificate comes to light here and not at the first sign-in.
///
/// # Errors
/// [`RigError::UnusableProvider`] when there is no answer, or none that is metadata.
pub fn discover(parts: &Parts, issuer: &str) -> Result<Vec<ProviderHost>, RigError> {
    let unusable = |reason| RigError::UnusableProvider {
        issuer: issuer.to_owned(),
        reason,
        advice: ADVICE,
    };
    let own = ProviderHost::of(issuer)?;
    let response = ask(&parts.envoy, &own, &metadata_path(issuer))?;
    if response.status != 200 {
        return Err(unusable(format!(
            "its metadata was answered {}: {}",
            response.status,
            response.text().trim_end()
        )));
    }
    let metadata = response.json();
    let hosts = called_hosts(&metadata)?;
    if hosts.is_empty() {
        return Err(unusable(
            "what it answered is no OpenID provider metadata".to_owned(),
        ));
    }
    Ok(hosts
        .into_iter()
        .chain([own])
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect())
}

/// OpenID Connect Discovery §4.1: a trailing slash of the issuer does not count here.
fn metadata_path(issuer: &str) -> String {
    let after_scheme = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let path = after_scheme
        .find('/')
        .and_then(|slash| after_scheme.get(slash..))
        .unwrap_or("");
    format!(
        "{}/.well-known/openid-configuration",
        path.trim_end_matches('/')
    )
}

fn called_hosts(metadata: &Value) -> Result<Vec<ProviderHost>, RigError> {
    CALLED
        .iter()
        .filter_map(|endpoint| metadata.get(endpoint)?.as_str())
        .map(ProviderHost::of)
        .collect()
}

/// One GET at the provider, by an Envoy that is there for nothing else.
fn ask(envoy: &Path, provider: &ProviderHost, path: &str) -> Result<Response, RigError> {
    let port = free_port()?;
    let folder = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
    let listener = listener(port, telling_connection_manager(provider));
    let bootstrap = bootstrap_of(listener, vec![provider_cluster(provider)?]);
    let envoy = Envoy::start(
        envoy,
        folder.path(),
        &bootstrap,
        1,
        &BTreeMap::new(),
        Loudness::Warnings,
    )?;
    wait_until("Envoy to serve", PATIENCE, || {
        envoy.admin.is_ready().then_some(())
    })?;
    let host = provider.authority();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    );
    exchange(&format!("127.0.0.1:{port}"), request.as_bytes())
}

/// One that also tells why a connection failed: what is wrong with a certificate, say.
fn telling_connection_manager(provider: &ProviderHost) -> Value {
    let mut manager = connection_manager(&provider.cluster_name(), vec![router()], &[]);
    let told = "%LOCAL_REPLY_BODY% (%UPSTREAM_TRANSPORT_FAILURE_REASON%)";
    let format = json!({ "body_format": { "text_format_source": { "inline_string": told } } });
    if let Some(fields) = manager.as_object_mut() {
        fields.insert("local_reply_config".to_owned(), format);
    }
    manager
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_are_below_the_issuers_path() {
        for (issuer, path) in [
            ("https://a.example", "/.well-known/openid-configuration"),
            ("https://a.example/", "/.well-known/openid-configuration"),
            (
                "https://a.example/t/v2.0",
                "/t/v2.0/.well-known/openid-configuration",
            ),
        ] {
            assert_eq!(metadata_path(issuer), path);
        }
    }

    #[test]
    fn every_host_that_is_called_is_found() {
        let metadata = json!({
            "token_endpoint": "https://token.example/t",
            "jwks_uri": "https://keys.example/k",
            "authorization_endpoint": "https://only-the-browser.example/a",
        });
        let hosts = called_hosts(&metadata).unwrap();
        assert_eq!(
            hosts
                .iter()
                .map(|host| host.host.as_str())
                .collect::<Vec<_>>(),
            ["token.example", "keys.example"]
        );
    }
}
