use kube::api::ApiResource;
use kube::core::GroupVersionKind;
use kube::discovery::{self, Scope};

use super::Cluster;
use super::fault;
use crate::failure::Failure;
use crate::object::ObjectId;

/// A kind that the cluster knows.
#[derive(Clone)]
pub(super) struct Kind {
    pub(super) resource: ApiResource,
    pub(super) namespaced: bool,
}

impl Cluster {
    /// The kind of that object; a cluster without it is not ready.
    pub(super) async fn kind(&self, id: &ObjectId) -> Result<Kind, Failure> {
        self.look_up(id)
            .await?
            .ok_or_else(|| fault::unknown_kind(id))
    }

    /// Whether the cluster has that kind.
    pub(crate) async fn knows(&self, id: &ObjectId) -> Result<bool, Failure> {
        Ok(self.look_up(id).await?.is_some())
    }

    async fn look_up(&self, id: &ObjectId) -> Result<Option<Kind>, Failure> {
        let key = (id.api_version.clone(), id.kind.clone());
        if let Some(kind) = self.kinds.borrow().get(&key) {
            return Ok(Some(kind.clone()));
        }
        let found = discovery::pinned_kind(&self.client, &kind_of(id)).await;
        let (resource, capabilities) = match found {
            Ok(found) => found,
            Err(kube::Error::Discovery(_)) => return Ok(None),
            Err(kube::Error::Api(status)) if status.code == 404 => return Ok(None),
            Err(error) => return Err(fault::failure("discover", id, error)),
        };
        let namespaced = capabilities.scope == Scope::Namespaced;
        let kind = Kind {
            resource,
            namespaced,
        };
        self.kinds.borrow_mut().insert(key, kind.clone());
        Ok(Some(kind))
    }
}

fn kind_of(id: &ObjectId) -> GroupVersionKind {
    let (group, version) = id
        .api_version
        .split_once('/')
        .unwrap_or(("", &id.api_version));
    GroupVersionKind::gvk(group, version, &id.kind)
}
