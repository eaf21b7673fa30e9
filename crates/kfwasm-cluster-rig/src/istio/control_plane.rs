use std::path::Path;
use std::time::Duration;

use kfwasm_rig::{Log, RigError, wait_until};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::discovery::Discovery;
use super::{IngressGateway, IstioPrograms, NAMESPACE, installation};
use crate::kubelet::{Kubelet, Node};
use crate::{Api, Cluster};

const PATIENCE: Duration = Duration::from_secs(120);

/// A running istiod, and whatever gateways the cluster's Deployments want. They end when this value is dropped.
#[derive(Debug)]
pub struct Istio {
    api: Api,
    kubelet: Kubelet,
    discovery: Discovery,
    _folder: TempDir,
}

impl Istio {
    /// Installs Istio in a cluster that has its custom resources, and starts it with that Envoy for its gateways.
    ///
    /// # Errors
    /// A program is missing, or ended at once.
    pub fn start(
        cluster: &Cluster,
        programs: &IstioPrograms,
        envoy: &Path,
    ) -> Result<Self, RigError> {
        let folder = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
        let api = cluster.api().clone();
        apply(&api, &installation::foundation())?;
        let kubeconfig = cluster.kubeconfig();
        let mut discovery = Discovery::start(&programs.discovery, kubeconfig, folder.path())?;
        discovery.wait_until_ready()?;
        apply(&api, &installation::permissions())?;
        apply(&api, &[installation::webhook(discovery.webhook)])?;
        let node = Node {
            namespace: NAMESPACE,
            agent: programs.agent.clone(),
            solver: cluster.programs().acme_solver.clone(),
            bootstrap: programs.bootstrap.clone(),
            envoy: envoy.to_owned(),
            discovery: discovery.secure,
            folder: folder.path().join("pods"),
        };
        let istio = Self {
            kubelet: Kubelet::start(Api::connect(kubeconfig)?, node)?,
            api,
            discovery,
            _folder: folder,
        };
        istio.wait_until_it_is_asked()?;
        Ok(istio)
    }

    /// Installs the gateway, with a load balancer that has the address 127.0.0.1, and waits until all of it is ready.
    ///
    /// # Errors
    /// [`RigError::TimedOut`], or what the API server refuses.
    pub fn install_gateway(&self, gateway: &IngressGateway) -> Result<(), RigError> {
        if let Some(pem) = &gateway.authorities {
            apply(&self.api, &[installation::authorities(pem)])?;
        }
        let objects = installation::gateway(gateway);
        apply(&self.api, &objects)?;
        let ingress = json!({ "loadBalancer": { "ingress": [{ "ip": "127.0.0.1" }] } });
        for object in &objects {
            let path = self.api.path_of(object)?;
            if object.get("kind") == Some(&"Service".into()) {
                let status = json!({ "status": ingress });
                self.api.merge(&format!("{path}/status"), &status)?;
            }
        }
        self.wait_until_gateway_is_ready()
    }

    /// Waits until each of the gateway's pods is new and ready.
    ///
    /// # Errors
    /// [`RigError::DidNotStart`] with what the pods said last.
    pub fn wait_until_gateway_is_ready(&self) -> Result<(), RigError> {
        let ready = wait_until("the gateway to be ready", PATIENCE, || {
            let found = self.api.get(installation::GATEWAY_PATH).ok()?;
            let number = |place: &str| found.pointer(place).and_then(Value::as_u64).unwrap_or(0);
            let is_seen = number("/status/observedGeneration") >= number("/metadata/generation");
            let wanted = number("/spec/replicas");
            let counts = ["replicas", "updatedReplicas", "availableReplicas"];
            let mut counts = counts
                .map(|it| number(&format!("/status/{it}")))
                .into_iter();
            (is_seen && counts.all(|count| count == wanted)).then_some(())
        });
        ready.map_err(|error| RigError::DidNotStart {
            part: "gateway",
            reason: format!("{error}{}", self.last_words()),
        })
    }

    fn last_words(&self) -> String {
        let logs = self.pod_logs().into_iter();
        let pods = logs.map(|(pod, log)| format!("\n{pod}:\n{}", log.tail(15)));
        let istiod = format!("\nistiod:\n{}", self.log().tail(15));
        pods.chain([istiod]).collect()
    }

    /// What istiod prints.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.discovery.log()
    }

    /// What each pod that runs prints, by its name.
    #[must_use]
    pub fn pod_logs(&self) -> Vec<(String, Log)> {
        self.kubelet.logs()
    }

    /// From then on the API server takes nothing that istiod refuses.
    fn wait_until_it_is_asked(&self) -> Result<(), RigError> {
        let path = format!(
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istio-validator-{NAMESPACE}"
        );
        wait_until("istiod to be asked about objects", PATIENCE, || {
            let found = self.api.get(&path).ok()?;
            let policy = found.pointer("/webhooks/0/failurePolicy")?;
            (policy == "Fail").then_some(())
        })
    }
}

fn apply(api: &Api, objects: &[Value]) -> Result<(), RigError> {
    for object in objects {
        api.apply_as("istio", object)?;
    }
    Ok(())
}
