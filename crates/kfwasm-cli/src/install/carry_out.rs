use std::time::Duration;

use super::backstop;
use super::roll_back::take_back;
use super::step::{Change, Step};
use super::taken::{Counted, Taken};
use super::undo;
use super::{Plan, Waiting};
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::object::{Object, ObjectId};
use crate::settings::Settings;

/// A change reaches the pods within a second.
const SOON: Duration = Duration::from_secs(15);

/// How a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CarryingOut {
    /// How long each object may take to be ready.
    pub(crate) limit: Duration,
    /// Fields that others own become ours.
    pub(crate) force: bool,
    /// Whether it is looked whether the gateway has taken another backstop before the old one goes.
    pub(crate) looks: bool,
}

impl CarryingOut {
    /// Does one step after the other, and waits for each: objects that are as they should be may still be on their way.
    pub(crate) async fn run(
        self,
        cluster: &Cluster,
        plan: &Plan,
        settings: &Settings,
    ) -> Result<(), Failure> {
        for step in &plan.steps {
            if self.looks && must_be_taken(step, plan) {
                self.make_taken(cluster, step, settings).await?;
            } else {
                self.take(cluster, step).await?;
            }
        }
        Ok(())
    }

    async fn take(self, cluster: &Cluster, step: &Step) -> Result<(), Failure> {
        let id = step.ours.id();
        match &step.change {
            Change::Create(_) | Change::Alter(_) => self.apply(cluster, &step.ours).await?,
            Change::Delete => return undo::delete(cluster, &id).await,
            Change::GiveBack(given) => {
                undo::give_back(cluster, &given.before).await?;
            }
            Change::Leave(_) => return Ok(()),
            Change::Nothing | Change::Conflict(_) => {}
        }
        let waiting = Waiting { limit: self.limit };
        waiting.until_ready(cluster, &id).await
    }

    async fn apply(self, cluster: &Cluster, wanted: &Object) -> Result<(), Failure> {
        let (id, force) = (wanted.id(), self.force);
        let how = Applying {
            dry_run: false,
            force,
        };
        match cluster.apply(wanted, how).await {
            Ok(_) => eprintln!("applied   {id}"),
            Err(Refused::Failed(failure)) => return Err(failure),
            Err(Refused::Conflicts(_)) => return Err(changed_meanwhile(&id)),
        }
        Ok(())
    }

    /// The plan must not go on before each pod has taken what denies. What no pod takes is not left there either, so that
    /// the same command begins with it again.
    async fn make_taken(
        self,
        cluster: &Cluster,
        step: &Step,
        settings: &Settings,
    ) -> Result<(), Failure> {
        let id = step.ours.id();
        let Some(before) = self.listeners(cluster, &id, settings).await? else {
            return self.take(cluster, step).await;
        };
        let before = match step.change {
            Change::Nothing => self.unapplied(cluster, before, &id, settings).await?,
            _ => Some(before),
        };
        self.apply(cluster, &step.ours).await?;
        let Some(before) = before else {
            return Ok(());
        };
        eprintln!("waiting   {id}: each pod is to take it");
        let taken = before.until_others(cluster, settings, self.limit).await;
        let Err(pods) = taken else {
            return Ok(());
        };
        match step.change {
            Change::Nothing => undo::delete(cluster, &id).await?,
            _ => take_back(cluster, step).await?,
        }
        Err(not_taken(&id, &pods))
    }

    /// Takes one away that is there from a run that was broken off, so that it can be seen whether the pods take it. The old
    /// one is still there.
    async fn unapplied(
        self,
        cluster: &Cluster,
        before: Taken,
        id: &ObjectId,
        settings: &Settings,
    ) -> Result<Option<Taken>, Failure> {
        undo::delete(cluster, id).await?;
        // One that they had not taken changes nothing.
        let limit = self.limit.min(SOON);
        let _ = before.until_others(cluster, settings, limit).await;
        self.listeners(cluster, id, settings).await
    }

    /// Nothing, where nobody may look. A pod that cannot be seen for another reason may be one that takes nothing.
    async fn listeners(
        self,
        cluster: &Cluster,
        id: &ObjectId,
        settings: &Settings,
    ) -> Result<Option<Taken>, Failure> {
        let limit = self.limit.min(SOON);
        match Taken::once_seen(Counted::Listeners, cluster, settings, limit).await {
            Ok(taken) => Ok(Some(taken)),
            Err(unseen) if unseen.is_forbidden => {
                eprintln!("not seen  whether each pod takes it: {}", unseen.why);
                Ok(None)
            }
            Err(unseen) => Err(not_seen(id, &unseen.why)),
        }
    }
}

/// Whether another that denies is there and goes: only then may this one be taken away for a moment. Whichever pods they
/// select, because one that selects none is not to take the place of another.
fn replaces_backstop(step: &Step, plan: &Plan) -> bool {
    let goes = |it: &Step| it.is_stale() && it.is_change() && backstop::denies(&it.ours);
    !step.is_stale() && backstop::denies(&step.ours) && plan.steps.iter().any(goes)
}

/// Whether the pods must have it before the plan goes on: an old one goes after it, or strangers come in. One that is there
/// from a run that was broken off may be one that they have not; where a filter comes with it, that decides.
fn must_be_taken(step: &Step, plan: &Plan) -> bool {
    let is_new = step.is_change() || !plan.has_filter();
    let denies = !step.is_stale() && backstop::denies(&step.ours);
    replaces_backstop(step, plan) || denies && is_new && plan.publishes()
}

fn changed_meanwhile(id: &ObjectId) -> Failure {
    Failure::failed(
        format!("{id} was changed by somebody else in the meantime"),
        "run the same command again",
    )
}

fn not_taken(id: &ObjectId, pods: &str) -> Failure {
    Failure::failed(
        format!(
            "the gateway has not taken {id} in {pods}: what was there before it is still there"
        ),
        "the log of those pods, or istiod's, says why; the same command tries again",
    )
}

fn not_seen(id: &ObjectId, why: &str) -> Failure {
    Failure::failed(
        format!(
            "it cannot be seen whether the gateway takes {id}: {why}; what was there before it is still there"
        ),
        "see the gateway's pods and the API server's way to them; --no-verify goes on without looking",
    )
}

/// Carries a plan out that only applies these objects; whether anything was different.
pub(crate) async fn bring(
    cluster: &Cluster,
    objects: Vec<Object>,
    settings: &Settings,
    limit: Duration,
) -> Result<bool, Failure> {
    let plan = Plan::make(cluster, objects, false).await?;
    plan.without_conflicts()?;
    let carrying_out = CarryingOut {
        limit,
        force: false,
        looks: false,
    };
    carrying_out.run(cluster, &plan, settings).await?;
    Ok(!plan.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn step(kind: &str, change: Change) -> Step {
        let metadata = json!({ "name": backstop::NAME });
        let object = json!({ "apiVersion": "v1", "kind": kind, "metadata": metadata });
        Step {
            ours: Object::new(object).unwrap(),
            before: None,
            change,
        }
    }

    #[test]
    fn one_that_selects_other_pods_is_looked_for_in_the_gateways() {
        let at = |gateway: &str, kind: &str, change: Change| {
            let mut step = step(kind, change);
            let place = "/spec/selector/matchLabels/istio";
            step.ours = step.ours.with(place, gateway);
            step
        };
        let wanted = at("nobody", "AuthorizationPolicy", Change::Nothing);
        let steps = vec![at("ingressgateway", "EnvoyFilter", Change::Delete)];
        let gone = Vec::new();
        assert!(replaces_backstop(&wanted, &Plan { steps, gone }));
    }

    /// Which of the wanted ones take the place of a stale one, and so may be taken away before they are applied.
    fn replacing(wanted: &[&str], stale: &[&str]) -> Vec<String> {
        let wanted = wanted.iter().map(|kind| step(kind, Change::Nothing));
        let stale = stale.iter().map(|kind| step(kind, Change::Delete));
        let steps = wanted.chain(stale).collect();
        let gone = Vec::new();
        let plan = Plan { steps, gone };
        let replacing = plan.steps.iter().filter(|it| replaces_backstop(it, &plan));
        replacing
            .map(|it| it.ours.text("/kind").to_owned())
            .collect()
    }

    #[test]
    fn what_alone_denies_is_not_taken_away() {
        let authentication = ["RequestAuthentication"];
        for alone in ["AuthorizationPolicy", "EnvoyFilter"] {
            assert!(replacing(&[alone], &[]).is_empty());
            assert!(replacing(&[alone], &authentication).is_empty());
        }
    }

    #[test]
    fn what_denies_takes_the_place_of_what_denies() {
        let token = ["RequestAuthentication", "AuthorizationPolicy"];
        assert_eq!(replacing(&token, &["EnvoyFilter"]), ["AuthorizationPolicy"]);
        assert_eq!(replacing(&["EnvoyFilter"], &token), ["EnvoyFilter"]);
    }
}
