use core::fmt;

use super::KubernetesName;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The gateway that people sign in at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The namespace of its pods, and of everything that is theirs.
    pub namespace: KubernetesName,
    /// The name of the gateway's Deployment.
    pub deployment: KubernetesName,
    /// The container of Envoy in the pods of the Deployment.
    pub container: KubernetesName,
    /// The name of the gateway's Service.
    pub service: KubernetesName,
    /// The value of the pods' label `istio`.
    pub label: KubernetesName,
    /// The Gateway resource that Kubeflow's routes are attached to.
    pub resource: GatewayResource,
    /// Whether the Service is made one of type LoadBalancer.
    pub load_balancer: bool,
    /// Whether a NetworkPolicy lets its pods out to the provider, where others restrict them.
    pub network_policy: bool,
}

impl fmt::Display for GatewayResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace.as_str(), self.name.as_str())
    }
}

/// A Gateway resource, written `namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayResource {
    /// Its namespace.
    pub namespace: KubernetesName,
    /// Its name.
    pub name: KubernetesName,
}

impl GatewayResource {
    /// Reads `namespace/name`.
    ///
    /// # Errors
    /// When it is not two names with a slash between them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let parts = text.split_once('/');
        let named = parts.filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty());
        let Some((namespace, name)) = named else {
            return Err(Refusal::quoting(
                text,
                "is not namespace/name",
                "write both, such as kubeflow/kubeflow-gateway",
            ));
        };
        Ok(Self {
            namespace: KubernetesName::parse(namespace)?,
            name: KubernetesName::parse(name)?,
        })
    }
}

/// What Kubeflow's manifests call it.
const NAMESPACE: &str = "istio-system";
const DEPLOYMENT: &str = "istio-ingressgateway";
const CONTAINER: &str = "istio-proxy";
const SERVICE: &str = "istio-ingressgateway";
const LABEL: &str = "ingressgateway";
const RESOURCE: &str = "kubeflow/kubeflow-gateway";

/// The gateway of Kubeflow's manifests.
impl Default for Gateway {
    fn default() -> Self {
        let (namespace, name) = RESOURCE.split_once('/').unwrap_or_default();
        Self {
            namespace: KubernetesName::known(NAMESPACE),
            deployment: KubernetesName::known(DEPLOYMENT),
            container: KubernetesName::known(CONTAINER),
            service: KubernetesName::known(SERVICE),
            label: KubernetesName::known(LABEL),
            resource: GatewayResource {
                namespace: KubernetesName::known(namespace),
                name: KubernetesName::known(name),
            },
            load_balancer: false,
            network_policy: false,
        }
    }
}

impl Gateway {
    pub(super) fn read(mut object: Object<'_>) -> Option<Self> {
        let mut name = |field, default| object.or_default(field, default, &KubernetesName::parse);
        let namespace = name("namespace", NAMESPACE);
        let deployment = name("deployment", DEPLOYMENT);
        let container = name("container", CONTAINER);
        let service = name("service", SERVICE);
        let label = name("label", LABEL);
        let resource = object.or_default("resource", RESOURCE, &GatewayResource::parse);
        let load_balancer = object.flag("loadBalancer", false);
        let network_policy = object.flag("networkPolicy", false);
        object.finish();
        Some(Self {
            namespace: namespace?,
            deployment: deployment?,
            container: container?,
            service: service?,
            label: label?,
            resource: resource?,
            load_balancer: load_balancer?,
            network_policy: network_policy?,
        })
    }
}
