//! What an earlier `kfwasm.yaml` of an installation has brought and the present one does not.
//!
//! `kfwasm-previous` lists what was touched; nothing else is looked at, so that what somebody else has made cannot be
//! taken for ours. What is still ours of it, the server knows.

use serde_json::Value;

use super::applied::applied;
use super::condition::is_ours;
use super::left_gateway;
use super::previous::{Previous, Touched, secret_of};
use super::restoration::restored_after;
use super::step::{Change, Return, Step};
use super::undo;
use crate::cluster::{Applying, Cluster};
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

const SHARED: &str = "others may use it too; `kfwasm uninstall` deletes it";

const LEFT: &str = "the filter has left that gateway, where it denies everything; delete it once none of Kubeflow's routes lead there";
const OWNS_SECRET: &str = "the cluster would delete its Secret with it; delete it once no Gateway shows that Secret, or write another certificate.secretName";

/// What is no longer wanted.
pub(super) struct Stale {
    pub(super) steps: Vec<Step>,
    /// Of these nothing is ours any more, as after a run that ended before it said so.
    pub(super) gone: Vec<ObjectId>,
}

/// What becomes of each of these objects.
///
/// # Errors
/// The account may not do it, or the cluster does not answer.
pub(super) async fn steps(
    cluster: &Cluster,
    previous: &Previous,
    wanted: &[Step],
) -> Result<Stale, Failure> {
    let ids: Vec<ObjectId> = wanted.iter().map(|step| step.ours.id()).collect();
    let (mut steps, mut gone) = (Vec::new(), Vec::new());
    for touched in previous.unwanted(&ids) {
        match step(cluster, touched).await? {
            Some(step) => steps.push(kept(cluster, step, wanted).await?),
            None => gone.push(touched.id.clone()),
        }
    }
    let change = |step: &&Step| step.is_change();
    let ids: Vec<ObjectId> = steps.iter().filter(change).map(|it| it.ours.id()).collect();
    cluster.may(&["delete", "patch", "update"], &ids).await?;
    Ok(Stale { steps, gone })
}

/// What goes in vain or too early stays.
async fn kept(cluster: &Cluster, step: Step, wanted: &[Step]) -> Result<Step, Failure> {
    let why = match &step.change {
        Change::Delete if left_gateway::is_still_left(&step.ours, wanted) => LEFT,
        Change::Delete if owns_its_secret(cluster, &step.ours).await? => OWNS_SECRET,
        _ => return Ok(step),
    };
    let change = Change::Leave(why);
    Ok(Step { change, ..step })
}

/// Whether the cluster deletes the Secret of a Certificate with it (cert-manager's `--enable-certificate-owner-ref`).
async fn owns_its_secret(cluster: &Cluster, ours: &Object) -> Result<bool, Failure> {
    let Some(secret) = secret_of(ours) else {
        return Ok(false);
    };
    let secret = cluster.get(&secret).await?;
    Ok(secret.is_some_and(|secret| is_owned_by(ours, &secret)))
}

fn is_owned_by(owner: &Object, object: &Object) -> bool {
    let is_it = |reference: &Value| {
        let text = |field: &str| reference.get(field).and_then(Value::as_str);
        text("kind") == Some(owner.text("/kind"))
            && text("name") == Some(owner.text("/metadata/name"))
    };
    let owners = object.get("/metadata/ownerReferences");
    let mut owners = owners.and_then(Value::as_array).into_iter().flatten();
    owners.any(is_it)
}

/// Nothing, where nothing of the object is ours any more.
async fn step(cluster: &Cluster, touched: &Touched) -> Result<Option<Step>, Failure> {
    let live = match cluster.knows(&touched.id).await? {
        true => cluster.get(&touched.id).await?,
        false => None,
    };
    let Some((live, ours)) = live.and_then(|live| applied(&live).map(|ours| (live, ours))) else {
        return Ok(None);
    };
    let change = match &touched.before {
        Some(before) => Change::GiveBack(Return {
            before: before.clone(),
            after: given_back(cluster, &live, &ours, before).await,
        }),
        None if is_ours(&live) => Change::Delete,
        None => Change::Leave(SHARED),
    };
    Ok(Some(Step {
        ours,
        before: Some(live),
        change,
    }))
}

/// What giving it back comes to, as far as the server can say.
pub(super) async fn given_back(
    cluster: &Cluster,
    live: &Object,
    ours: &Object,
    before: &Object,
) -> Object {
    let dry_run = Applying {
        dry_run: true,
        force: true,
    };
    let released = undo::released(cluster, &live.id(), dry_run).await;
    let released = released.ok().flatten();
    let rest = released.as_ref().unwrap_or(live);
    let value = restored_after(live.value(), rest.value(), ours.value(), before.value());
    Object::new(value).unwrap_or_else(|| before.clone())
}
