use super::condition;
use super::difference;
use crate::cluster::{Applying, Cluster, Conflict, Refused};
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

/// What is to be done, in order.
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
}

/// One object, and what applying it comes to.
pub(crate) struct Step {
    pub(crate) wanted: Object,
    pub(crate) before: Option<Object>,
    pub(crate) change: Change,
}

/// What applying an object comes to, as the server says.
pub(crate) enum Change {
    Create(Object),
    Alter(Object),
    Nothing,
    /// Others own fields that it would change.
    Conflict(Vec<Conflict>),
}

/// Parts of objects that Istio's installation owns: without the rest they would be no objects.
const PARTS: [&str; 2] = ["Deployment", "Service"];

impl Plan {
    /// Asks the server what would be, without changing anything.
    pub(crate) async fn make(
        cluster: &Cluster,
        mut objects: Vec<Object>,
        force: bool,
    ) -> Result<Self, Failure> {
        objects.sort_by_key(|object| rank(object.text("/kind")));
        let mut steps = Vec::new();
        for wanted in objects {
            steps.push(step(cluster, wanted, force).await?);
        }
        Ok(Self { steps })
    }

    /// Whether the cluster is as it should be.
    pub(crate) fn is_empty(&self) -> bool {
        let nothing = |step: &Step| matches!(step.change, Change::Nothing);
        self.steps.iter().all(nothing)
    }

    /// Whether an object of that kind will be other than it is.
    pub(crate) fn changes(&self, kind: &str) -> bool {
        let changes = |step: &Step| {
            step.wanted.text("/kind") == kind && !matches!(step.change, Change::Nothing)
        };
        self.steps.iter().any(changes)
    }

    /// One line for each object.
    pub(crate) fn summary(&self) -> String {
        let line = |step: &Step| format!("  {:<9} {}\n", step.change.word(), step.wanted.id());
        self.steps.iter().map(line).collect()
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
        wanted,
        before,
        change,
    })
}

fn absent(id: &ObjectId) -> Failure {
    Failure::not_ready(
        format!("there is no {id}"),
        "install Kubeflow's Istio first, or write where the gateway is into kfwasm.yaml (gateway)",
    )
}

impl Change {
    fn word(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Alter(_) => "change",
            Self::Nothing => "unchanged",
            Self::Conflict(_) => "conflict",
        }
    }
}

impl Step {
    fn difference(&self) -> String {
        let after = match &self.change {
            Change::Create(after) | Change::Alter(after) => after,
            Change::Nothing | Change::Conflict(_) => return String::new(),
        };
        difference::unified(&self.wanted.id().to_string(), self.before.as_ref(), after)
    }

    fn conflicts(&self) -> Vec<String> {
        let Change::Conflict(conflicts) = &self.change else {
            return Vec::new();
        };
        let id = self.wanted.id();
        let line = |conflict: &Conflict| {
            format!("{id}: {} is owned by {}", conflict.field, conflict.owner)
        };
        conflicts.iter().map(line).collect()
    }
}

/// The order that never leaves a gap open: what the filter needs, the filter, what demands it, the way in.
fn rank(kind: &str) -> usize {
    const ORDER: [&str; 12] = [
        "Service",
        "ClusterIssuer",
        "Issuer",
        "Certificate",
        "ServiceEntry",
        "DestinationRule",
        "Secret",
        "ConfigMap",
        "Deployment",
        "WasmPlugin",
        "EnvoyFilter",
        "AuthorizationPolicy",
    ];
    let place = ORDER.iter().position(|ordered| *ordered == kind);
    place.unwrap_or(ORDER.len())
}
