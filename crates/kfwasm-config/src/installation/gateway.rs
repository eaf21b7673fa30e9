use super::KubernetesName;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The gateway that people sign in at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The namespace of its pods, and of everything that is theirs.
    pub namespace: KubernetesName,
    /// Its Deployment.
    pub deployment: KubernetesName,
    /// The container of Envoy in it.
    pub container: KubernetesName,
    /// Its Service.
    pub service: KubernetesName,
    /// The value of the pods' label `istio`.
    pub label: KubernetesName,
    /// The Gateway resource that Kubeflow's routes are attached to.
    pub resource: GatewayResource,
    /// Whether the Service is made one of type LoadBalancer.
    pub load_balancer: bool,
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

impl Gateway {
    pub(super) fn read(mut object: Object<'_>) -> Option<Self> {
        let mut name = |field, default| object.or_default(field, default, &KubernetesName::parse);
        let namespace = name("namespace", "istio-system");
        let deployment = name("deployment", "istio-ingressgateway");
        let container = name("container", "istio-proxy");
        let service = name("service", "istio-ingressgateway");
        let label = name("label", "ingressgateway");
        let resource = object.or_default(
            "resource",
            "kubeflow/kubeflow-gateway",
            &GatewayResource::parse,
        );
        let load_balancer = object.flag("loadBalancer", false);
        object.finish();
        Some(Self {
            namespace: namespace?,
            deployment: deployment?,
            container: container?,
            service: service?,
            label: label?,
            resource: resource?,
            load_balancer: load_balancer?,
        })
    }
}
