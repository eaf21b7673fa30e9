//! What a cloud's controller would do with the gateway's Service.

use kfwasm_cluster_rig::Cluster;
use serde_json::{Value, json};

use crate::stage::Shown;

pub(crate) const SERVICE: &str = "/api/v1/namespaces/istio-system/services/istio-ingressgateway";

/// Somebody made it one of type LoadBalancer, and these are its addresses.
pub(crate) fn balance(cluster: &Cluster, addresses: &[Value]) -> Shown {
    let balanced = json!({ "spec": { "type": "LoadBalancer" } });
    cluster.api().merge(SERVICE, &balanced)?;
    tell(cluster, &json!({ "ingress": addresses }))
}

/// The load balancer has its address.
pub(crate) fn give(cluster: &Cluster, address: &Value) -> Shown {
    tell(cluster, &json!({ "ingress": [address] }))
}

/// The same, once the Service has become one that is to have an address.
pub(crate) fn give_where_asked_for(cluster: &Cluster, address: &Value) {
    let service = cluster.api().get(SERVICE).unwrap_or_default();
    if service["spec"]["type"] == "LoadBalancer" {
        let _ = give(cluster, address);
    }
}

/// There is no load balancer any more.
pub(crate) fn take_back(cluster: &Cluster) -> Shown {
    tell(cluster, &Value::Null)
}

fn tell(cluster: &Cluster, load_balancer: &Value) -> Shown {
    let status = json!({ "status": { "loadBalancer": load_balancer } });
    cluster.api().merge(&format!("{SERVICE}/status"), &status)?;
    Ok(())
}
