use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::{Object, ObjectId};
use crate::starter::StarterArgs;

/// What a cluster says of itself, so that nobody needs to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Surroundings {
    istio: Option<String>,
    /// The Secret with the certificate that the Gateway has already.
    certificate: Option<String>,
}

impl Surroundings {
    pub(crate) async fn look(cluster: &Cluster, namespace: &str) -> Result<Self, Failure> {
        let istiod = cluster
            .get(&ObjectId::of("apps/v1", "Deployment", namespace, "istiod"))
            .await?;
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
            istio: istiod.as_ref().and_then(version),
            certificate: gateway.as_ref().and_then(credential),
        })
    }

    /// What somebody has said counts more, except for the version of Istio.
    pub(crate) fn complete(&self, said: &mut StarterArgs) {
        if self.istio.is_some() {
            said.istio.clone_from(&self.istio);
        }
        if let (None, None, Some(secret)) = (&said.certificate, &said.acme_email, &self.certificate)
        {
            said.certificate = Some("existing".to_owned());
            said.certificate_secret = Some(secret.clone());
        }
    }
}

/// `1.29` of the image `pilot:1.29.1`.
fn version(istiod: &Object) -> Option<String> {
    let image = istiod.text("/spec/template/spec/containers/0/image");
    let (_, tag) = image.rsplit_once(':')?;
    let mut parts = tag.split(['.', '-']);
    let (major, minor) = (parts.next()?, parts.next()?);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(minor)).then(|| format!("{major}.{minor}"))
}

fn credential(gateway: &Object) -> Option<String> {
    let servers = gateway.get("/spec/servers")?.as_array()?;
    let mut names = servers
        .iter()
        .filter_map(|server| server.pointer("/tls/credentialName")?.as_str());
    names.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_version_of_istio_is_that_of_its_image() {
        for (image, wanted) in [
            ("docker.io/istio/pilot:1.29.1", Some("1.29")),
            (
                "registry.example.com:5000/istio/pilot:1.30.1-distroless",
                Some("1.30"),
            ),
            ("pilot:latest", None),
            ("registry.example.com:5000/pilot", None),
            ("pilot", None),
        ] {
            let template = json!({ "spec": { "containers": [{ "image": image }] } });
            let value = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "istiod" },
                "spec": { "template": template } });
            assert_eq!(
                version(&Object::new(value).unwrap()).as_deref(),
                wanted,
                "{image}"
            );
        }
    }
}
