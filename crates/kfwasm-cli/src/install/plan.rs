use super::backstop;
use super::condition;
use super::gateway_servers::with_those_of_others;
use super::left_gateway;
use super::order;
use super::previous::Previous;
use super::stale;
use super::step::{Change, Step};
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::filter::{self, is_filter};
use crate::object::{Object, ObjectId};

/// What is to be done, in the safe order.
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// What is neither wanted nor ours any more.
    pub(super) gone: Vec<ObjectId>,
}

/// Parts of objects that Istio's installation owns: without the rest they would be no objects.
const PARTS: [&str; 2] = ["Deployment", "Service"];

/// With what a filter runs. The same module from elsewhere is nothing new to Envoy.
const RUNS_WITH: [&str; 6] = [
    "/spec/pluginConfig",
    "/spec/sha256",
    "/spec/vmConfig",
    "/spec/wasm/pluginConfig",
    "/spec/wasm/sha256",
    "/spec/wasm/vmConfig",
];

impl Plan {
    /// Asks the server what would be, without changing anything.
    pub(crate) async fn make(
        cluster: &Cluster,
        objects: Vec<Object>,
        force: bool,
    ) -> Result<Self, Failure> {
        let mut steps = Vec::new();
        for wanted in objects {
            steps.push(step(cluster, wanted, force).await?);
        }
        let former = former_filter(cluster, &steps).await?;
        if let Some(denial) = former.and_then(|it| left_gateway::denial(&it, &steps)) {
            tell_what_is_left(&denial);
            let verbs = ["get", "create", "patch"];
            cluster.may(&verbs, &[denial.id()]).await?;
            steps.push(step(cluster, denial, force).await?);
        }
        Ok(Self::of(steps))
    }

    /// The same plan, in which what an earlier kfwasm.yaml of this installation has brought and this one does not goes.
    pub(crate) async fn pruning(
        self,
        cluster: &Cluster,
        previous: &Previous,
    ) -> Result<Self, Failure> {
        let stale = stale::steps(cluster, previous, &self.steps).await?;
        let steps = self.steps.into_iter().chain(stale.steps).collect();
        Ok(Self {
            gone: stale.gone,
            ..Self::of(steps)
        })
    }

    fn of(mut steps: Vec<Step>) -> Self {
        order::sort(&mut steps);
        let gone = Vec::new();
        Self { steps, gone }
    }

    /// What gives the gateway an address at which everything is denied: what demands the mark that no filter makes yet, and
    /// then the Service.
    pub(crate) fn of_closed_address(mut self) -> Self {
        let is_service = |step: &Step| step.ours.text("/kind") == "Service";
        let is_part = |step: &Step| is_service(step) || backstop::is_mark(&step.ours);
        self.steps.retain(is_part);
        self.steps.sort_by_key(is_service);
        self
    }

    /// Whether a Service becomes a load balancer.
    pub(super) fn publishes(&self) -> bool {
        self.steps.iter().any(Step::publishes)
    }

    pub(super) fn has_filter(&self) -> bool {
        self.steps.iter().any(|step| is_filter(&step.ours))
    }

    /// Whether the cluster is as it should be.
    pub(crate) fn is_empty(&self) -> bool {
        let nothing = |step: &Step| matches!(step.change, Change::Nothing | Change::Leave(_));
        self.steps.iter().all(nothing)
    }

    /// Whether something goes that is there, or a gateway is closed: what nobody should have to find out afterwards.
    pub(crate) fn takes_away(&self) -> bool {
        let closes = |step: &Step| {
            left_gateway::is_denial(&step.ours)
                || !self.has_filter() && backstop::denies(&step.ours)
        };
        let takes_away = |step: &Step| {
            step.is_change() && (step.is_stale() || step.drops_servers() || closes(step))
        };
        self.steps.iter().any(takes_away)
    }

    /// Whether an object of that kind will be other than it is.
    pub(crate) fn changes(&self, kind: &str) -> bool {
        let changes = |step: &Step| step.ours.text("/kind") == kind && step.is_change();
        self.steps.iter().any(changes)
    }

    /// Whether filters that run will have another configuration, another module or other secrets.
    pub(crate) fn reconfigures(&self) -> bool {
        let mut filters = self.steps.iter().filter(|step| is_filter(&step.ours));
        filters.any(|step| step.alters(&RUNS_WITH) || matches!(step.change, Change::Delete))
    }

    /// What is no longer there, or no longer ours, once the plan is carried out.
    pub(crate) fn given_up(&self) -> Vec<ObjectId> {
        let goes = |step: &&Step| step.is_stale() && step.is_change();
        let steps = self.steps.iter().filter(goes);
        let ids = steps.map(|step| step.ours.id());
        ids.chain(self.gone.iter().cloned()).collect()
    }

    /// One line for each object.
    pub(crate) fn summary(&self) -> String {
        self.steps.iter().map(Step::summary).collect()
    }

    /// What would be different, as a unified diff.
    pub(crate) fn difference(&self) -> String {
        self.steps.iter().map(Step::difference).collect()
    }

    /// Refuses when others own what would be changed.
    pub(crate) fn without_conflicts(&self) -> Result<(), Failure> {
        let lines: Vec<String> = self.steps.iter().flat_map(Step::conflicts).collect();
        if lines.is_empty() {
            return Ok(());
        }
        Err(Failure::failed(
            format!(
                "others own fields that would change; nothing was changed\n  {}",
                lines.join("\n  ")
            ),
            "look at them with --diff --force-conflicts; --force-conflicts takes them over, `kfwasm uninstall` gives them back",
        ))
    }
}

async fn step(cluster: &Cluster, wanted: Object, force: bool) -> Result<Step, Failure> {
    let id = wanted.id();
    let before = cluster.get(&id).await?;
    if before.is_none() && PARTS.contains(&id.kind.as_str()) {
        return Err(absent(&id));
    }
    let wanted = match &before {
        Some(live) => with_those_of_others(wanted, live),
        None => wanted,
    };
    let dry_run = Applying {
        dry_run: true,
        force,
    };
    let change = match (cluster.apply(&wanted, dry_run).await, &before) {
        (Ok(after), None) => Change::Create(after),
        (Ok(after), Some(before)) if condition::cleaned(before) == condition::cleaned(&after) => {
            Change::Nothing
        }
        (Ok(after), Some(_)) => Change::Alter(after),
        (Err(Refused::Conflicts(conflicts)), _) => Change::Conflict(conflicts),
        (Err(Refused::Failed(failure)), _) => return Err(failure),
    };
    Ok(Step {
        ours: wanted,
        before,
        change,
    })
}

/// The filter that is there: the one that is changed, or one of the other kind, whose place is taken.
async fn former_filter(cluster: &Cluster, steps: &[Step]) -> Result<Option<Object>, Failure> {
    let Some(step) = left_gateway::filter(steps) else {
        return Ok(None);
    };
    for id in filter::ids(step.ours.text("/metadata/namespace")) {
        if cluster.knows(&id).await?
            && let Some(former) = cluster.get(&id).await?
        {
            return Ok(Some(former));
        }
    }
    Ok(None)
}

fn tell_what_is_left(denial: &Object) {
    let (gateway, id) = (left_gateway::gateway(denial), denial.id());
    eprintln!(
        "the filter leaves the gateway istio={gateway}: {id} denies everything there until it is deleted"
    );
}

fn absent(id: &ObjectId) -> Failure {
    Failure::not_ready(
        format!("there is no {id}"),
        "install Kubeflow's Istio first, or write where the gateway is into kfwasm.yaml (gateway)",
    )
}
