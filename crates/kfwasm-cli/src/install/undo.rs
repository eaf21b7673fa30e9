use std::time::Duration;

use serde_json::json;

use super::applied::applied;
use super::condition::is_managed;
use super::previous::{Previous, Touched};
use super::restoration::restored;
use super::wait::Waiting;
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

/// Restores what was there before: first what we have removed, then the Service, then in reverse what we have applied.
///
/// Each step can be repeated, and what was there is forgotten last. Whoever may write the ConfigMap that says what was there
/// gets nothing else done: only what kfwasm manages is changed or deleted, field by field as the server says, and only what it
/// may have removed is made anew.
///
/// # Errors
/// Those of the cluster; and at last, where the gateway's pods are not what they were within the limit.
pub(crate) async fn undo(
    cluster: &Cluster,
    previous: &Previous,
    limit: Duration,
) -> Result<(), Failure> {
    let waiting = Waiting { limit };
    let mut late = None;
    let removed = |touched: &&Touched| touched.before.is_some() && touched.ours.is_none();
    for touched in previous.touched.iter().filter(removed) {
        recreate(cluster, touched, previous.namespace()).await?;
    }
    for touched in previous.way_back() {
        match (&touched.before, &touched.ours) {
            (None, _) if is_secret_elsewhere(&touched.id, previous.namespace()) => {
                leave(&touched.id, "kfwasm has no Secret there");
            }
            (None, _) => delete(cluster, &touched.id).await?,
            (Some(before), Some(_)) => {
                give_back(cluster, before).await?;
                late = late.or(waiting.rolled_out(cluster, &touched.id).await);
            }
            (Some(_), None) => {}
        }
    }
    cluster.delete(&previous.id()).await?;
    eprintln!("deleted   {}", previous.id());
    late.map_or(Ok(()), Err)
}

/// The kinds of what changing over removes, all of them beside the gateway.
const REMOVED: [&str; 3] = [
    "EnvoyFilter",
    "AuthorizationPolicy",
    "RequestAuthentication",
];

async fn recreate(cluster: &Cluster, touched: &Touched, namespace: &str) -> Result<(), Failure> {
    let Some(before) = &touched.before else {
        return Ok(());
    };
    if is_made_anew(touched, namespace) {
        cluster.create(before).await?;
        eprintln!("restored  {}", touched.id);
    } else if touched.id.kind != "Secret" {
        leave(&touched.id, "kfwasm removes no such thing");
    }
    Ok(())
}

/// Whether it is among what changing over may have removed.
pub(super) fn is_made_anew(touched: &Touched, namespace: &str) -> bool {
    let is_removed = REMOVED.contains(&touched.id.kind.as_str());
    is_removed && touched.id.namespace.as_deref() == Some(namespace)
}

/// What is made for us is beside the gateway; cert-manager makes Secrets for others too, and of the same names.
pub(super) fn is_secret_elsewhere(id: &ObjectId, namespace: &str) -> bool {
    id.kind == "Secret" && id.namespace.as_deref() != Some(namespace)
}

pub(super) async fn delete(cluster: &Cluster, id: &ObjectId) -> Result<(), Failure> {
    match managed(cluster, id).await? {
        Some(_) if cluster.delete(id).await? => eprintln!("deleted   {id}"),
        _ => {}
    }
    Ok(())
}

/// The object as it is, if kfwasm has made or changed it.
pub(super) async fn managed(cluster: &Cluster, id: &ObjectId) -> Result<Option<Object>, Failure> {
    let there = match cluster.knows(id).await? {
        true => cluster.get(id).await?,
        false => None,
    };
    if there.as_ref().is_some_and(|object| !is_managed(object)) {
        leave(id, "kfwasm does not manage it");
        return Ok(None);
    }
    Ok(there)
}

fn leave(id: &ObjectId, why: &str) {
    eprintln!("left      {id}: {why}");
}

/// Puts an object as it was in the place of what is ours of it, and gives that up. What is ours, the server says: what has been
/// kept may have been written by others.
pub(super) async fn give_back(cluster: &Cluster, before: &Object) -> Result<(), Failure> {
    let id = before.id();
    let Some(live) = managed(cluster, &id).await? else {
        return Ok(());
    };
    // First the values, then the fields: an object without a field that we had taken over may be refused.
    let value = applied(&live).map(|ours| restored(live.value(), ours.value(), before.value()));
    let wanted = value.and_then(Object::new);
    if let Some(wanted) = wanted.filter(|wanted| *wanted != live) {
        cluster.replace(&wanted).await?;
    }
    release(cluster, &id).await?;
    eprintln!("restored  {id}");
    Ok(())
}

async fn release(cluster: &Cluster, id: &ObjectId) -> Result<(), Failure> {
    let force = Applying {
        dry_run: false,
        force: true,
    };
    released(cluster, id, force).await.map(|_| ())
}

/// Gives up every field that is ours alone, by applying an object that has none; the object as it then is.
pub(super) async fn released(
    cluster: &Cluster,
    id: &ObjectId,
    how: Applying,
) -> Result<Option<Object>, Failure> {
    let metadata = match &id.namespace {
        Some(namespace) => json!({"name": id.name, "namespace": namespace}),
        None => json!({"name": id.name}),
    };
    let empty = json!({"apiVersion": id.api_version, "kind": id.kind, "metadata": metadata});
    let Some(empty) = Object::new(empty) else {
        return Ok(None);
    };
    match cluster.apply(&empty, how).await {
        Err(Refused::Failed(failure)) => Err(failure),
        Err(Refused::Conflicts(_)) => Ok(None),
        Ok(released) => Ok(Some(released)),
    }
}
