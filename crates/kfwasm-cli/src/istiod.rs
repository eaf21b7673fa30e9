//! Which Istio a cluster has, by its control plane.

use kfwasm_config::installation::IstioVersion;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

const NAME: &str = "istiod";
/// Istio's charts give it to a control plane of any revision.
const APP: &str = "/metadata/labels/app";
/// What its charts and its operator write of the version.
const LABELS: [&str; 2] = ["app.kubernetes.io~1version", "operator.istio.io~1version"];
/// Its container; a mesh may have put others beside it.
const CONTAINER: &str = "discovery";

/// The version of Istio in that namespace: of several control planes the oldest, which knows the least; or why none can be
/// read.
pub(crate) async fn seen(cluster: &Cluster, namespace: &str) -> Result<IstioVersion, String> {
    let found = control_planes(cluster, namespace).await;
    let found = found.map_err(|failure| failure.message().to_owned())?;
    if found.is_empty() {
        return Err(format!("there is no Deployment {namespace}/{NAME}"));
    }
    let versions = found.iter().filter_map(|it| version(it.value()));
    let oldest = versions.min();
    oldest.ok_or_else(|| format!("the image of {namespace}/{NAME} does not say its version"))
}

/// The one of Istio's usual name, or those of revisions.
async fn control_planes(cluster: &Cluster, namespace: &str) -> Result<Vec<Object>, Failure> {
    let id = ObjectId::of("apps/v1", "Deployment", namespace, NAME);
    if let Some(istiod) = cluster.get(&id).await? {
        return Ok(vec![istiod]);
    }
    let mut all = cluster.list("apps/v1", "Deployment", namespace).await?;
    all.retain(|it| it.text(APP) == NAME);
    Ok(all)
}

/// By its image, or by its labels where that has no such tag.
pub(crate) fn version(istiod: &Value) -> Option<IstioVersion> {
    let label = |name: &&str| {
        istiod
            .pointer(&format!("/metadata/labels/{name}"))?
            .as_str()
    };
    let labels = LABELS.iter().filter_map(label);
    image(istiod)
        .and_then(tag)
        .into_iter()
        .chain(labels)
        .find_map(parse)
}

fn image(istiod: &Value) -> Option<&str> {
    let containers = istiod.pointer("/spec/template/spec/containers")?;
    let containers = containers.as_array()?;
    let is_its = |it: &&Value| it.get("name") == Some(&CONTAINER.into());
    let container = containers.iter().find(is_its).or(containers.first());
    container?.get("image")?.as_str()
}

/// `1.29.1` of `docker.io/istio/pilot:1.29.1@sha256:…`.
fn tag(image: &str) -> Option<&str> {
    let (image, _) = image.split_once('@').unwrap_or((image, ""));
    let (_, tag) = image.rsplit_once(':')?;
    Some(tag)
}

/// The first two numbers of `1.30`, `v1.30.1` or `1.30.1-distroless`, and of nothing that is no version.
fn parse(text: &str) -> Option<IstioVersion> {
    let (major, rest) = text.strip_prefix('v').unwrap_or(text).split_once('.')?;
    let (minor, _) = rest.split_once(['.', '-']).unwrap_or((rest, ""));
    let number = |part: &str| {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    };
    Some(IstioVersion {
        major: number(major)?,
        minor: number(minor)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn istiod(image: &str, labels: &Value) -> Value {
        let containers = json!([{ "name": "sidecar", "image": "proxy:1.9.9" }, { "name": "discovery", "image": image }]);
        json!({ "metadata": { "labels": labels }, "spec": { "template": { "spec": { "containers": containers } } } })
    }

    fn read(image: &str, labels: &Value) -> Option<(u16, u16)> {
        version(&istiod(image, labels)).map(|it| (it.major, it.minor))
    }

    #[test]
    fn the_version_of_istio_is_that_of_its_image() {
        let digest = format!("pilot:1.30.1@sha256:{}", "1".repeat(64));
        for (image, wanted) in [
            ("docker.io/istio/pilot:1.29.1", Some((1, 29))),
            (
                "registry.example.com:5000/istio/pilot:v1.30.1-distroless",
                Some((1, 30)),
            ),
            ("pilot:1.31-alpha.0f", Some((1, 31))),
            ("pilot:1.31", Some((1, 31))),
            (&*digest, Some((1, 30))),
            ("pilot:latest", None),
            ("registry.example.com:5000/pilot", None),
            ("pilot", None),
            ("pilot:1.", None),
            ("pilot:+1.30", None),
            ("pilot:1.99999", None),
            ("pilot:1.30\" # injected", None),
            ("pilot:1.30\nistio: \"1.14\"", None),
        ] {
            assert_eq!(read(image, &json!({})), wanted, "{image}");
        }
    }

    #[test]
    fn an_image_without_a_version_leaves_it_to_the_labels() {
        let charts = json!({ "app.kubernetes.io/version": "1.24.2" });
        let operator = json!({ "operator.istio.io/version": "1.22.0" });
        assert_eq!(read("pilot@sha256:00", &charts), Some((1, 24)));
        assert_eq!(read("pilot:latest", &operator), Some((1, 22)));
        assert_eq!(read("pilot:1.30.0", &charts), Some((1, 30)));
    }
}
