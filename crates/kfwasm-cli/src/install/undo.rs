use serde_json::json;

use super::previous::{Previous, Touched};
use super::restoration::restored;
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

/// Restores what was there before: first what we have removed, then in reverse what we have applied.
///
/// Each step can be repeated, and what was there is forgotten last.
pub(crate) async fn undo(cluster: &Cluster, previous: &Previous) -> Result<(), Failure> {
    let removed = |touched: &&Touched| touched.before.is_some() && touched.ours.is_none();
    for touched in previous.touched.iter().filter(removed) {
        recreate(cluster, touched).await?;
    }
    for touched in previous.touched.iter().rev() {
        match (&touched.before, &touched.ours) {
            (None, _) => delete(cluster, &touched.id).await?,
            (Some(before), Some(ours)) => give_back(cluster, ours, before).await?,
            (Some(_), None) => {}
        }
    }
    delete(cluster, &previous.id()).await
}

/// A Secret is not among them: we remove none, and its content was not kept.
async fn recreate(cluster: &Cluster, touched: &Touched) -> Result<(), Failure> {
    match &touched.before {
        Some(before) if touched.id.kind != "Secret" => {
            cluster.create(before).await?;
            eprintln!("restored  {}", touched.id);
        }
        _ => {}
    }
    Ok(())
}

pub(super) async fn delete(cluster: &Cluster, id: &ObjectId) -> Result<(), Failure> {
    if cluster.delete(id).await? {
        eprintln!("deleted   {id}");
    }
    Ok(())
}

/// Puts `before` in the place of what we had applied, and gives up what was ours.
pub(super) async fn give_back(
    cluster: &Cluster,
    ours: &Object,
    before: &Object,
) -> Result<(), Failure> {
    let id = ours.id();
    let Some(live) = cluster.get(&id).await? else {
        return Ok(());
    };
    // First the values, then the fields: an object without a field that we had taken over may be refused.
    let value = restored(live.value(), ours.value(), before.value());
    if let Some(wanted) = Object::new(value).filter(|wanted| *wanted != live) {
        cluster.replace(&wanted).await?;
    }
    release(cluster, &id).await?;
    eprintln!("restored  {id}");
    Ok(())
}

/// Gives up every field that is ours alone, by applying an object that has none.
async fn release(cluster: &Cluster, id: &ObjectId) -> Result<(), Failure> {
    let metadata = match &id.namespace {
        Some(namespace) => json!({"name": id.name, "namespace": namespace}),
        None => json!({"name": id.name}),
    };
    let empty = json!({"apiVersion": id.api_version, "kind": id.kind, "metadata": metadata});
    let Some(empty) = Object::new(empty) else {
        return Ok(());
    };
    let force = Applying {
        dry_run: false,
        force: true,
    };
    match cluster.apply(&empty, force).await {
        Err(Refused::Failed(failure)) => Err(failure),
        _ => Ok(()),
    }
}
