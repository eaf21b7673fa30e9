use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::Result;
use kfwasm_config::{EndpointUrl, Provider};
use kfwasm_rig::{Gateway, GatewaySettings, Parts, ProviderHost, Upstream, discover};

use super::DemoArgs;
use super::foreign_plugin::ForeignPlugin;
use super::shown::{Shown, log_folder};

/// The demo with somebody else's provider.
pub(super) fn start(parts: &Parts, args: &DemoArgs, plugin: ForeignPlugin) -> Result<Shown> {
    let provider_hosts = provider_hosts(parts, &plugin.provider)?;
    let began = Instant::now();
    let upstream = Upstream::start()?;
    let settings = GatewaySettings {
        environment: plugin.environment,
        provider_hosts,
        folder: Some(log_folder()),
        ..GatewaySettings::new(args.port, upstream.address(), plugin.written)
    };
    Ok(Shown {
        gateway: Gateway::start(parts, settings)?,
        _upstream: upstream,
        people: Vec::new(),
        issuer: plugin.provider.issuer.as_str().to_owned(),
        redirect_uri: Some(plugin.redirect_uri),
        _provider: None,
        start: began.elapsed(),
    })
}

/// Every host that the module will call: those of the endpoints set by hand and, unless all are, those discovered.
fn provider_hosts(parts: &Parts, provider: &Provider) -> Result<Vec<ProviderHost>> {
    let by_hand = [
        &provider.token_endpoint,
        &provider.jwks_uri,
        &provider.userinfo_endpoint,
        &provider.end_session_endpoint,
    ];
    let by_hand = by_hand
        .into_iter()
        .flatten()
        .map(EndpointUrl::as_str)
        .map(ProviderHost::of);
    let mut hosts = by_hand.collect::<Result<BTreeSet<_>, _>>()?;
    if provider.authorization_endpoint.is_none()
        || provider.token_endpoint.is_none()
        || provider.jwks_uri.is_none()
    {
        let issuer = match provider.tenants.first() {
            Some(tenant) => provider.issuer.for_tenant(tenant),
            None => provider.issuer.as_str().to_owned(),
        };
        eprintln!("Asking {issuer} for its metadata");
        hosts.extend(discover(parts, &issuer)?);
    }
    Ok(hosts.into_iter().collect())
}
