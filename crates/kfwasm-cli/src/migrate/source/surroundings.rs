use kfwasm_config::installation::IstioVersion;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::istiod;
use crate::object::{Object, ObjectId};
use crate::starter::StarterArgs;

/// What a cluster says of itself, so that nobody needs to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Surroundings {
    istio: Result<IstioVersion, String>,
    /// The Secret with the certificate that the Gateway has already.
    certificate: Option<String>,
}

impl Surroundings {
    pub(crate) async fn look(cluster: &Cluster, namespace: &str) -> Result<Self, Failure> {
        let gateway = ObjectId::of(
            "networking.istio.io/v1beta1",
            "Gateway",
            "kubeflow",
            "kubeflow-gateway",
        );
        let gateway = match cluster.knows(&gateway).await? {
            true => cluster.get(&gateway).await?,
            false => None,
        };
        Ok(Self {
            istio: istiod::seen(cluster, namespace).await,
            certificate: gateway.as_ref().and_then(credential),
        })
    }

    /// What somebody has said counts more.
    pub(crate) fn complete(&self, said: &mut StarterArgs) {
        *said = said.for_istio(&self.istio);
        if let (None, None, Some(secret)) = (&said.certificate, &said.acme_email, &self.certificate)
        {
            said.certificate = Some("existing".to_owned());
            said.certificate_secret = Some(secret.clone());
        }
    }
}

fn credential(gateway: &Object) -> Option<String> {
    let servers = gateway.get("/spec/servers")?.as_array()?;
    let mut names = servers
        .iter()
        .filter_map(|server| server.pointer("/tls/credentialName")?.as_str());
    names.next().map(str::to_owned)
}
