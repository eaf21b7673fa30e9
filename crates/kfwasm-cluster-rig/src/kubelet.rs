//! What a node does for the pods of a gateway and of ACME challenges: it binds them, starts their programs, and says when
//! they are ready.
//!
//! Each pod is a process tree of its own user, mount and process namespaces, without rights on the machine, and shares its
//! network: ports that would be the same in every pod are given out here.

mod agent;
mod container;
mod node;
mod pod;
mod sandbox;
mod solver;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use kfwasm_rig::{Log, RigError};
use serde_json::{Value, json};

use crate::{Api, Refused, own_address};
use container::Container;
pub(crate) use node::Node;
use pod::{Pod, Workload};

/// What the node is called.
const NAME: &str = "rig";
const PAUSE: Duration = Duration::from_millis(50);

/// A node at work. Its pods end when this value is dropped.
#[derive(Debug)]
pub(crate) struct Kubelet {
    ends: Arc<AtomicBool>,
    containers: Containers,
    thread: Option<JoinHandle<()>>,
}

/// What runs, by the pod's identifier.
type Containers = Arc<Mutex<BTreeMap<String, Container>>>;

impl Kubelet {
    /// Begins to look after the pods of the node's namespace.
    pub(crate) fn start(api: Api, node: Node) -> Result<Self, RigError> {
        // The endpoints of a Service are pods on nodes that there are.
        api.apply(&json!({ "apiVersion": "v1", "kind": "Node", "metadata": { "name": NAME } }))?;
        let (ends, containers) = (Arc::new(AtomicBool::new(false)), Containers::default());
        let worker = Worker {
            api,
            address: own_address()?.to_string(),
            node,
            containers: Arc::clone(&containers),
        };
        let end = Arc::clone(&ends);
        let thread = thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                worker.look();
                thread::sleep(PAUSE);
            }
        });
        Ok(Self {
            ends,
            containers,
            thread: Some(thread),
        })
    }

    /// What each pod that runs prints, by its name.
    pub(crate) fn logs(&self) -> Vec<(String, Log)> {
        let containers = locked(&self.containers);
        let log = |container: &Container| (container.name.clone(), container.log());
        containers.values().map(log).collect()
    }
}

impl Drop for Kubelet {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // It fails only if the thread panicked; the pods end with us all the same.
        let _ = self.thread.take().map(JoinHandle::join);
        locked(&self.containers).clear();
    }
}

struct Worker {
    api: Api,
    node: Node,
    /// What the pods have for an address.
    address: String,
    containers: Containers,
}

impl Worker {
    /// Does for each pod what is to be done next. What fails is done again: an API server may be away for a moment.
    fn look(&self) {
        let path = format!("/api/v1/namespaces/{}/pods", self.node.namespace);
        let Ok(list) = self.api.get(&path) else {
            return;
        };
        let items = list.get("items").and_then(Value::as_array);
        let pods: Vec<_> = items.into_iter().flatten().cloned().map(Pod::new).collect();
        let is_there = |uid: &String| pods.iter().any(|pod| pod.uid() == uid);
        locked(&self.containers).retain(|uid, _| is_there(uid));
        for pod in &pods {
            let _ = self.look_after(pod);
        }
    }

    fn look_after(&self, pod: &Pod) -> Result<(), Refused> {
        if pod.is_ending() {
            locked(&self.containers).remove(pod.uid());
            let now = format!("{}?gracePeriodSeconds=0", pod.path());
            return self.api.delete(&now).map(|_| ());
        }
        if !pod.is_bound() {
            return self.bind(pod);
        }
        let Some(workload) = pod.workload() else {
            return self.say(pod, true);
        };
        match self.readiness(pod) {
            Some(ready) => self.say(pod, ready),
            None => self.begin(pod, workload),
        }
    }

    /// Whether the pod's container is ready; nothing when it does not run.
    fn readiness(&self, pod: &Pod) -> Option<bool> {
        let mut containers = locked(&self.containers);
        let container = containers.get_mut(pod.uid())?;
        if container.has_ended() {
            containers.remove(pod.uid());
            return None;
        }
        Some(container.is_ready())
    }

    fn bind(&self, pod: &Pod) -> Result<(), Refused> {
        let binding = json!({
            "apiVersion": "v1",
            "kind": "Binding",
            "metadata": { "name": pod.name(), "namespace": pod.namespace() },
            "target": { "apiVersion": "v1", "kind": "Node", "name": NAME },
        });
        let path = format!("{}/binding", pod.path());
        self.api.create(&path, &binding).map(|_| ())
    }

    fn begin(&self, pod: &Pod, workload: Workload) -> Result<(), Refused> {
        let failed = |error: RigError| Refused {
            status: 0,
            message: error.to_string(),
        };
        let container = Container::start(&self.api, &self.node, pod, workload, &self.address);
        let container = container.map_err(failed)?;
        let patch = json!({ "metadata": { "annotations": container.annotations } });
        locked(&self.containers).insert(pod.uid().to_owned(), container);
        self.api.merge(&pod.path(), &patch).map(|_| ())
    }

    fn say(&self, pod: &Pod, ready: bool) -> Result<(), Refused> {
        let word = if ready { "True" } else { "False" };
        let condition = |kind: &str| json!({ "type": kind, "status": word });
        let status = json!({
            "phase": "Running",
            "podIP": self.address,
            "podIPs": [{ "ip": self.address }],
            "hostIP": self.address,
            "conditions": [condition("Ready"), condition("ContainersReady")],
        });
        if pod.shows(&status) {
            return Ok(());
        }
        let patch = json!({ "status": status });
        let path = format!("{}/status", pod.path());
        self.api.merge(&path, &patch).map(|_| ())
    }
}

/// Whoever panicked left whole containers behind.
fn locked(containers: &Containers) -> MutexGuard<'_, BTreeMap<String, Container>> {
    containers.lock().unwrap_or_else(PoisonError::into_inner)
}
