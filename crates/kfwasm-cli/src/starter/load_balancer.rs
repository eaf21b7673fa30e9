//! What the gateway's Service says of the public host that nobody has said.

use std::net::IpAddr;
use std::time::Duration;

use kfwasm_config::installation::Gateway;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::install::{Waiting, applied};
use crate::interruption::run_until_interrupted;
use crate::object::{Object, ObjectId};
use crate::web::without_controls;

const BALANCED: &str = "LoadBalancer";

/// Where the gateway's Service is looked at.
#[derive(Clone, Debug)]
pub(crate) struct LoadBalancer {
    /// The context of the kubeconfig, instead of the current one.
    pub(crate) context: Option<String>,
    /// How long it may take to get an address.
    pub(crate) limit: Duration,
}

/// What was seen of the gateway's Service.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    kind: String,
    /// Whether kfwasm has made it a load balancer, for an installation that was broken off.
    pub(super) is_ours: bool,
    /// The address of its load balancer, as it stands in a URL.
    pub(super) address: Option<String>,
}

impl LoadBalancer {
    /// What there is, or why nothing can be seen. Only Ctrl-C is an error.
    pub(super) fn look(&self) -> Result<Result<Seen, Failure>, Failure> {
        let looking = async { Ok(self.seen().await) };
        run_until_interrupted(looking, "nothing was written")
    }

    async fn seen(&self) -> Result<Seen, Failure> {
        let cluster = Cluster::connect_to_change(self.context.as_deref()).await?;
        let (limit, seen) = (self.limit, seen(&cluster).await?);
        // Whatever made it one is at work. What we have made one ourselves is waited for where it is made.
        if seen.kind == BALANCED && !seen.is_to_be_made() {
            Waiting { limit }.until_ready(&cluster, &service()).await?;
        }
        self::seen(&cluster).await
    }
}

impl Seen {
    fn of(service: &Object) -> Self {
        let is_balanced = |part: &Object| part.text("/spec/type") == BALANCED;
        Self {
            kind: service.text("/spec/type").to_owned(),
            is_ours: applied(service).as_ref().is_some_and(is_balanced),
            address: address(service).filter(|_| is_balanced(service)),
        }
    }

    /// Whether it has no address and would get one by being made a load balancer: for the first time, or again by the same
    /// command.
    pub(super) fn is_to_be_made(&self) -> bool {
        self.address.is_none() && (self.kind != BALANCED || self.is_ours)
    }

    /// That it has none.
    pub(super) fn without_address(&self) -> Failure {
        let (id, kind) = (service(), self.kind.as_str());
        Failure::not_ready(
            format!("{id} is of type {kind} and has no address"),
            "give --host, or --load-balancer, which makes it one that has an address",
        )
    }
}

/// The address that the gateway's Service has, as it stands in a URL.
///
/// # Errors
/// It has none.
pub(crate) async fn address_of(cluster: &Cluster) -> Result<String, Failure> {
    let seen = seen(cluster).await?;
    let address = seen.address.clone();
    address.ok_or_else(|| seen.without_address())
}

/// Says where the public host comes from.
pub(super) fn tell(address: &str) {
    let id = service();
    eprintln!("public host {address}: the address of {id}'s load balancer");
}

/// Why nobody can be asked, and what to do.
pub(super) fn missing(why: &Failure) -> Failure {
    let what = format!(
        "there is no kfwasm.yaml, and --host is missing to make one: {}",
        why.message()
    );
    Failure::not_ready(what, why.advice()).or_advice(
        "give --host, or run the same command again when the gateway's Service has an address",
    )
}

/// A new kfwasm.yaml is for the gateway of Kubeflow's manifests.
fn service() -> ObjectId {
    let gateway = Gateway::default();
    let (namespace, name) = (gateway.namespace.as_str(), gateway.service.as_str());
    ObjectId::of("v1", "Service", namespace, name)
}

async fn seen(cluster: &Cluster) -> Result<Seen, Failure> {
    let id = service();
    let found = cluster.get(&id).await?;
    let found = found.as_ref().map(Seen::of);
    found.ok_or_else(|| Failure::not_ready(format!("there is no {id}"), ""))
}

/// A name counts more than an address: who gives both keeps the name.
fn address(service: &Object) -> Option<String> {
    let fields = ["hostname", "ip"].into_iter();
    let mut given = fields.map(|it| service.text(&format!("/status/loadBalancer/ingress/0/{it}")));
    let given = given.find(|it| !it.is_empty());
    given.map(without_controls).map(|it| in_a_url(&it))
}

/// As browsers send it: an IPv6 address in its short form and in brackets (RFC 3986 §3.2.2, RFC 5952).
fn in_a_url(given: &str) -> String {
    match given.parse() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(address)) => address.to_string(),
        // The API server takes names in lower case alone.
        Err(_) => given.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn service(kind: &str, ingress: Value) -> Object {
        Object::new(
            json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "s" },
            "spec": { "type": kind }, "status": { "loadBalancer": { "ingress": ingress } } }),
        )
        .unwrap()
    }

    #[test]
    fn an_address_is_written_as_browsers_send_it() {
        for (ingress, wanted) in [
            (json!({ "ip": "203.0.113.7" }), "203.0.113.7"),
            (json!({ "ip": "2001:DB8:0:0::7" }), "[2001:db8::7]"),
            (
                json!({ "hostname": "lb\u{1b}[2J.example.com" }),
                "lb[2J.example.com",
            ),
            (
                json!({ "hostname": "lb-1.example.com" }),
                "lb-1.example.com",
            ),
            (
                json!({ "ip": "203.0.113.7", "hostname": "lb.example.com" }),
                "lb.example.com",
            ),
        ] {
            let seen = Seen::of(&service(BALANCED, json!([ingress])));
            assert_eq!(seen.address.as_deref(), Some(wanted));
        }
    }

    #[test]
    fn a_load_balancer_that_others_have_made_is_waited_for_and_not_made_again() {
        assert!(Seen::of(&service("ClusterIP", json!([]))).is_to_be_made());
        assert!(Seen::of(&service("NodePort", json!([]))).is_to_be_made());
        assert!(!Seen::of(&service(BALANCED, json!([]))).is_to_be_made());
        let fields = json!({ "f:spec": { "f:type": {} } });
        let ours = json!([{ "manager": "kfwasm", "operation": "Apply", "apiVersion": "v1", "fieldsV1": fields }]);
        let begun = service(BALANCED, json!([])).with("/metadata/managedFields", ours);
        assert!(Seen::of(&begun).is_to_be_made());
    }
}
