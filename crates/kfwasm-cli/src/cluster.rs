//! The cluster, through its API server.

mod fault;
mod kinds;
mod look;
mod permission;
mod reach;
mod reader;
mod replicas;
mod sample;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Once;

use kube::Client;
use kube::api::{Api, DeleteParams, DynamicObject, Patch, PatchParams, PostParams};

use crate::failure::Failure;
use crate::object::{Object, ObjectId};
use fault::failure;
pub(crate) use fault::{Conflict, Refused};
use kinds::Kind;
pub(crate) use reach::{Reached, reach};
pub(crate) use reader::{Reader, Seen, Unseen};
pub(crate) use replicas::{Replica, replicas};

/// The field manager of everything that we apply.
pub(crate) const MANAGER: &str = "kfwasm";

/// How an object is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Applying {
    /// The server says what would be, and changes nothing.
    pub(crate) dry_run: bool,
    /// Fields that others own become ours.
    pub(crate) force: bool,
}

/// A cluster that answers.
pub(crate) struct Cluster {
    client: Client,
    /// Which cluster it is: its context, where there is one, and its address.
    name: String,
    kinds: RefCell<BTreeMap<(String, String), Kind>>,
}

impl Cluster {
    /// The cluster of a context of the kubeconfig, or of the current one.
    pub(crate) async fn connect(context: Option<&str>) -> Result<Self, Failure> {
        let Reached { client, name } = reach(context).await?;
        Ok(Self {
            client,
            name,
            kinds: RefCell::default(),
        })
    }

    /// The same, for what changes it or shows what would be changed: says first which cluster that is, once.
    pub(crate) async fn connect_to_change(context: Option<&str>) -> Result<Self, Failure> {
        static SAID: Once = Once::new();
        let cluster = Self::connect(context).await?;
        SAID.call_once(|| eprintln!("In {}:", cluster.name));
        Ok(cluster)
    }

    /// What reads whatever there is, and says why not where there is nothing.
    pub(crate) fn reader(&self) -> Reader {
        Reader(self.client.clone())
    }

    /// The object as it is, if it is.
    pub(crate) async fn get(&self, id: &ObjectId) -> Result<Option<Object>, Failure> {
        let api = self.api(id).await?;
        let found = api.get_opt(&id.name).await;
        Ok(found
            .map_err(|error| failure("read", id, error))?
            .and_then(object))
    }

    /// Server-side apply; the object as it then is.
    pub(crate) async fn apply(&self, wanted: &Object, how: Applying) -> Result<Object, Refused> {
        let id = wanted.id();
        let api = self.api(&id).await?;
        let params = PatchParams {
            dry_run: how.dry_run,
            force: how.force,
            field_manager: Some(MANAGER.to_owned()),
            field_validation: None,
        };
        let applied = api
            .patch(&id.name, &params, &Patch::Apply(wanted.value()))
            .await;
        let applied = applied.map_err(|error| Refused::of(&id, error))?;
        object(applied).ok_or_else(|| Refused::Failed(fault::nameless(&id)))
    }

    /// Puts an object in the place of the one that is there.
    pub(crate) async fn replace(&self, wanted: &Object) -> Result<(), Failure> {
        let id = wanted.id();
        let (api, params) = (self.api(&id).await?, posting());
        let done = api.replace(&id.name, &params, &dynamic(wanted)?).await;
        done.map(|_| ())
            .map_err(|error| failure("restore", &id, error))
    }

    /// Creates an object, unless there is one already.
    pub(crate) async fn create(&self, wanted: &Object) -> Result<(), Failure> {
        let id = wanted.id();
        let api = self.api(&id).await?;
        match api.create(&posting(), &dynamic(wanted)?).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(()),
            Err(error) => Err(failure("create", &id, error)),
        }
    }

    /// Deletes an object; whether there was one.
    pub(crate) async fn delete(&self, id: &ObjectId) -> Result<bool, Failure> {
        if !self.knows(id).await? {
            return Ok(false);
        }
        match self
            .api(id)
            .await?
            .delete(&id.name, &DeleteParams::default())
            .await
        {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(false),
            Err(error) => Err(failure("delete", id, error)),
        }
    }

    async fn api(&self, id: &ObjectId) -> Result<Api<DynamicObject>, Failure> {
        let kind = self.kind(id).await?;
        let client = self.client.clone();
        Ok(match &id.namespace {
            Some(namespace) if kind.namespaced => {
                Api::namespaced_with(client, namespace, &kind.resource)
            }
            _ => Api::all_with(client, &kind.resource),
        })
    }
}

fn posting() -> PostParams {
    PostParams {
        dry_run: false,
        field_manager: Some(MANAGER.to_owned()),
    }
}

fn dynamic(object: &Object) -> Result<DynamicObject, Failure> {
    serde_json::from_value(object.value().clone())
        .map_err(|error| Failure::failed(format!("{}: {error}", object.id()), ""))
}

fn object(found: DynamicObject) -> Option<Object> {
    serde_json::to_value(found).ok().and_then(Object::new)
}
