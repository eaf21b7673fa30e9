//! What is to be done, before anything is.

use super::ApplyingArgs;
use crate::cluster::Cluster;
use crate::command::place::Meant;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::install::{Plan, Previous, SecretFiles, needed_policy, own_certificate};
use crate::object::{Object, ObjectId};
use crate::render;
use crate::settings::Settings;

/// What stands in the directory, and the module that lies beside it.
pub(super) fn objects(directory: &Directory, settings: &Settings) -> Result<Vec<Object>, Failure> {
    let mut objects = directory.read()?;
    let module = directory.module()?;
    directory.refuse_outdated(&render::manifests(settings, module.as_ref()))?;
    objects.extend(module.and_then(|module| render::config_map(settings, &module)));
    Ok(objects)
}

/// What is to be done, and what was kept of what had been there before kfwasm.
pub(super) async fn planned(
    cluster: &Cluster,
    objects: Vec<Object>,
    files: &SecretFiles,
    settings: &Settings,
    args: &ApplyingArgs,
) -> Result<(Plan, Previous), Failure> {
    let before = Meant::by(settings).previous(cluster).await?;
    let objects = prepared(cluster, objects, files, settings).await?;
    let plan = Plan::make(cluster, objects, args.force_conflicts).await?;
    let plan = plan.pruning(cluster, &before).await?;
    Ok((plan, before))
}

/// The objects with their secrets, once it is sure that they may be applied.
async fn prepared(
    cluster: &Cluster,
    mut objects: Vec<Object>,
    files: &SecretFiles,
    settings: &Settings,
) -> Result<Vec<Object>, Failure> {
    let ids: Vec<ObjectId> = objects.iter().map(Object::id).collect();
    cluster.may(&["get", "create", "patch"], &ids).await?;
    own_certificate(cluster, settings).await?;
    needed_policy(cluster, settings).await?;
    let secret = ids
        .iter()
        .find(|id| id.kind == "Secret" && id.name == "kfwasm");
    let live = match secret {
        Some(id) => cluster.get(id).await?,
        None => None,
    };
    if secret.is_some() {
        objects = files.fill(objects, live.as_ref(), settings)?;
    }
    Ok(objects)
}
