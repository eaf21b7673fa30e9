use serde_json::{Value, json};

use crate::certificate_authorities::certificate_authorities;
use crate::{ProviderHost, RigError};

/// A cluster of one address.
pub(super) fn cluster(name: &str, host: &str, port: u16) -> Value {
    json!({
        "name": name,
        "type": "STRICT_DNS",
        "dns_lookup_family": "V4_PREFERRED",
        "connect_timeout": "10s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": {
                "socket_address": { "address": host, "port_value": port },
            }}}]}],
        },
    })
}

/// The cluster of a provider's host, as a ServiceEntry and a DestinationRule with `tls.mode: SIMPLE` make it.
pub(super) fn provider_cluster(provider: &ProviderHost) -> Result<Value, RigError> {
    let mut cluster = cluster(&provider.cluster_name(), &provider.host, provider.port);
    if provider.tls
        && let Some(fields) = cluster.as_object_mut()
    {
        fields.insert("transport_socket".to_owned(), tls(&provider.host)?);
    }
    Ok(cluster)
}

/// The certificate must come from an authority that the system trusts and name this very host.
fn tls(host: &str) -> Result<Value, RigError> {
    Ok(json!({
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            "sni": host,
            "common_tls_context": { "validation_context": {
                "trusted_ca": { "filename": certificate_authorities()? },
                "match_typed_subject_alt_names": [{ "san_type": "DNS", "matcher": { "exact": host } }],
            }},
        },
    }))
}
