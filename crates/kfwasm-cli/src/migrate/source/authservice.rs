use super::super::{Predecessor, Setting};
use super::Found;
use super::workload::{Held, Workload, is_secret_of_authservice};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::ObjectId;

/// What it was called by the releases of Kubeflow.
const NAMES: [&str; 2] = ["authservice", "oidc-authservice"];

/// The StatefulSet of oidc-authservice, with the ConfigMaps and Secrets that it reads.
pub(super) async fn find(cluster: &Cluster, namespace: &str) -> Result<Option<Found>, Failure> {
    for name in NAMES {
        let id = ObjectId::of("apps/v1", "StatefulSet", namespace, name);
        if let Some(object) = cluster.get(&id).await? {
            let workload = Workload::new(cluster, object, is_secret_of_authservice);
            return read(&workload, id.to_string()).await.map(Some);
        }
    }
    Ok(None)
}

async fn read(workload: &Workload<'_>, place: String) -> Result<Found, Failure> {
    let mut found = Found::new(Predecessor::Authservice, place);
    for variable in workload.variables().await? {
        match variable.value {
            Held::Text(value) => found.settings.push(Setting::new(variable.name, value)),
            Held::Secret {
                place,
                is_published,
            } => {
                found.secret = Some(place);
                found.is_published = is_published;
            }
        }
    }
    Ok(found)
}
