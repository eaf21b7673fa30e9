use std::time::Duration;

use super::applied::applied;
use super::condition::cleaned;
use super::plan::Plan;
use super::previous::Previous;
use super::restoration::restored_after;
use super::step::{Change, Step};
use super::undo::{delete, give_back, undo};
use super::wait::Waiting;
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::object::Object;

/// Takes a plan back that was carried out: everything is as it was before it, installed or not, and the gateway's pods too.
///
/// `before` is what was kept of what had been there before kfwasm, as it was before the plan.
pub(crate) async fn roll_back(
    cluster: &Cluster,
    plan: &Plan,
    before: &Previous,
    limit: Duration,
) -> Result<(), Failure> {
    // An address alone is no installation to go back to, and without the filter nobody is to reach the gateway there.
    if before.is_empty() || before.has_only_begun() {
        let all = Previous::read(cluster, before.namespace()).await?;
        return undo(cluster, &all, limit).await;
    }
    let waiting = Waiting { limit };
    let mut late = None;
    for step in way_back(&plan.steps) {
        take_back(cluster, step).await?;
        if step.is_change() {
            let id = step.ours.id();
            late = late.or(waiting.rolled_out(cluster, &id).await);
        }
    }
    before.keep(cluster).await?;
    late.map_or(Ok(()), Err)
}

/// What pods read as they start.
const READ: [&str; 2] = ["Secret", "ConfigMap"];

/// The steps in the order in which they are taken back: the other way round, but pods that are started anew are to find what
/// there was to read. What is made for them goes after them.
fn way_back(steps: &[Step]) -> Vec<&Step> {
    let mut back: Vec<&Step> = steps.iter().rev().collect();
    let runs = |step: &&Step| step.ours.text("/kind") == "Deployment";
    let runs = back.iter().position(runs);
    let runs = runs.unwrap_or(back.len());
    let (before, after) = back.split_at_mut(runs);
    let is_read = |step: &Step| READ.contains(&step.ours.text("/kind")) && step.before.is_some();
    after.sort_by_key(|it| !is_read(it));
    [before, after].concat()
}

/// Takes one step back; nothing, where it was not taken.
pub(super) async fn take_back(cluster: &Cluster, step: &Step) -> Result<(), Failure> {
    match (&step.change, &step.before) {
        (Change::Nothing | Change::Conflict(_) | Change::Leave(_), _) => Ok(()),
        (_, None) => delete(cluster, &step.ours.id()).await,
        (_, Some(before)) => match applied(before) {
            Some(ours) => apply_again(cluster, &ours, &step.ours, before).await,
            None => give_back(cluster, before).await,
        },
    }
}

/// What we had applied before; then what we took over from others since.
async fn apply_again(
    cluster: &Cluster,
    ours: &Object,
    wanted: &Object,
    before: &Object,
) -> Result<(), Failure> {
    let force = Applying {
        dry_run: false,
        force: true,
    };
    let there = cluster.get(&ours.id()).await?;
    let live = match cluster.apply(ours, force).await {
        Ok(live) => live,
        Err(Refused::Failed(failure)) => return Err(failure),
        Err(Refused::Conflicts(_)) => return Ok(()),
    };
    if cleaned(&live) != cleaned(before) {
        let there = there.as_ref().unwrap_or(&live);
        let value = restored_after(there.value(), live.value(), wanted.value(), before.value());
        if let Some(wanted) = Object::new(value).filter(|wanted| *wanted != live) {
            cluster.replace(&wanted).await?;
        }
    }
    eprintln!("restored  {}", ours.id());
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn step(kind: &str, before: Option<&Object>) -> Step {
        let metadata = json!({ "name": "kfwasm" });
        let object = json!({ "apiVersion": "v1", "kind": kind, "metadata": metadata });
        let ours = Object::new(object).unwrap();
        Step {
            before: before.cloned(),
            change: Change::Create(ours.clone()),
            ours,
        }
    }

    fn kinds(steps: &[Step]) -> Vec<&str> {
        let back = way_back(steps);
        back.iter().map(|it| it.ours.text("/kind")).collect()
    }

    #[test]
    fn pods_start_with_what_they_read_before_and_what_was_made_for_them_goes_after_them() {
        let there = step("Service", None).ours;
        let steps = [
            step("Service", None),
            step("Secret", Some(&there)),
            step("ConfigMap", None),
            step("Deployment", Some(&there)),
            step("WasmPlugin", Some(&there)),
        ];
        let wanted = ["WasmPlugin", "Secret", "Deployment", "ConfigMap", "Service"];
        assert_eq!(kinds(&steps), wanted);
    }

    #[test]
    fn without_pods_to_start_it_is_the_other_way_round() {
        let there = step("Service", None).ours;
        let steps = [
            step("Secret", Some(&there)),
            step("WasmPlugin", Some(&there)),
        ];
        assert_eq!(kinds(&steps), ["WasmPlugin", "Secret"]);
    }
}
