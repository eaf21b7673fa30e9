//! The public host that nobody has said: the address of the gateway's load balancer.

use std::time::Duration;

use kfwasm_config::installation::Gateway;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::install::Waiting;
use crate::interruption::run_until_interrupted;
use crate::object::{Object, ObjectId};

/// Where the gateway's Service is looked at.
#[derive(Clone, Debug)]
pub(crate) struct LoadBalancer {
    /// The context of the kubeconfig, instead of the current one.
    pub(crate) context: Option<String>,
    /// How long it may take to get an address.
    pub(crate) limit: Duration,
}

impl LoadBalancer {
    /// Its address, or why there is none. Only Ctrl-C is an error.
    pub(super) fn address(&self) -> Result<Result<String, Failure>, Failure> {
        let looking = async { Ok(self.look().await) };
        run_until_interrupted(looking, "nothing was written")
    }

    async fn look(&self) -> Result<String, Failure> {
        let cluster = Cluster::connect(self.context.as_deref()).await?;
        let (id, limit) = (service(), self.limit);
        let seen = seen(&cluster, &id).await?;
        let kind = seen.text("/spec/type");
        if kind != "LoadBalancer" {
            return Err(without_address(&id, kind));
        }
        Waiting { limit }.until_ready(&cluster, &id).await?;
        let ready = self::seen(&cluster, &id).await?;
        first(&ready).ok_or_else(|| without_address(&id, kind))
    }
}

/// Says where the public host comes from.
pub(super) fn tell(address: &str) {
    let id = service();
    eprintln!("public host {address}: the address of {id}'s load balancer");
}

/// Why nobody can be asked, and what to do.
pub(super) fn missing(why: &Failure) -> Failure {
    let why = why.message();
    Failure::not_ready(
        format!("there is no kfwasm.yaml, and --host is missing to make one: {why}"),
        "give --host, or run the same command again when the gateway's Service is of type LoadBalancer and has an address",
    )
}

/// A new kfwasm.yaml is for the gateway of Kubeflow's manifests.
fn service() -> ObjectId {
    let gateway = Gateway::default();
    let (namespace, name) = (gateway.namespace.as_str(), gateway.service.as_str());
    ObjectId::of("v1", "Service", namespace, name)
}

async fn seen(cluster: &Cluster, id: &ObjectId) -> Result<Object, Failure> {
    let found = cluster.get(id).await?;
    found.ok_or_else(|| Failure::not_ready(format!("there is no {id}"), ""))
}

fn without_address(id: &ObjectId, kind: &str) -> Failure {
    Failure::not_ready(format!("{id} is of type {kind} and has no address"), "")
}

/// A name counts more than an address: who gives both keeps the name.
fn first(service: &Object) -> Option<String> {
    let fields = ["hostname", "ip"].into_iter();
    let mut given = fields.map(|it| service.text(&format!("/status/loadBalancer/ingress/0/{it}")));
    given.find(|it| !it.is_empty()).map(str::to_owned)
}
