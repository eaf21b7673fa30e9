use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kfwasm_rig::{RigError, wait_until};
use serde_json::Value;

use crate::programs::CrdSources;
use crate::{Api, objects};

const PATIENCE: Duration = Duration::from_secs(60);

/// What etcd has stored once the custom resources of a version of Istio are defined, with those of cert-manager and of the
/// Gateway API.
///
/// To be told of them takes an API server more than twice as much as to start with them, so that each process does it once.
#[derive(Debug)]
pub(crate) struct Definitions {
    /// Each file within etcd's folder.
    stored: Vec<(PathBuf, Vec<u8>)>,
    resources: BTreeSet<Resource>,
}

/// The path of a group's version, and a resource's plural there.
type Resource = (String, String);

static MADE: Mutex<BTreeMap<String, Arc<Definitions>>> = Mutex::new(BTreeMap::new());

impl Definitions {
    /// Those of this version of Istio, made by `make` unless they were before.
    pub(crate) fn of(
        istio: &str,
        make: impl FnOnce() -> Result<Self, RigError>,
    ) -> Result<Arc<Self>, RigError> {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(definitions) = made.get(istio) {
            return Ok(Arc::clone(definitions));
        }
        let definitions = Arc::new(make()?);
        made.insert(istio.to_owned(), Arc::clone(&definitions));
        Ok(definitions)
    }

    /// Applies them, and waits until they are served.
    pub(crate) fn apply(api: &Api, crds: &CrdSources, istio: &str) -> Result<Self, RigError> {
        let definitions = read(crds, istio)?;
        for definition in &definitions {
            api.apply(definition)?;
        }
        let applied = Self {
            stored: Vec::new(),
            resources: definitions.iter().flat_map(resources).collect(),
        };
        applied.wait(api)?;
        Ok(applied)
    }

    /// With what is in the folder of an etcd that has ended.
    pub(crate) fn stored_in(self, folder: &Path) -> Result<Self, RigError> {
        let stored = files(folder)?;
        Ok(Self { stored, ..self })
    }

    /// Writes etcd's folder.
    pub(crate) fn store(&self, folder: &Path) -> Result<(), RigError> {
        for (path, content) in &self.stored {
            let file = folder.join(path);
            let doing = || RigError::io(format!("write {}", file.display()));
            fs::create_dir_all(file.parent().unwrap_or(folder)).map_err(doing())?;
            fs::write(&file, content).map_err(doing())?;
        }
        Ok(())
    }

    /// Waits until the API server serves each of them.
    pub(crate) fn wait(&self, api: &Api) -> Result<(), RigError> {
        wait_until("the custom resources", PATIENCE, || {
            self.are_served(api).then_some(())
        })
    }

    fn are_served(&self, api: &Api) -> bool {
        let mut paths: Vec<&str> = self.resources.iter().map(|(path, _)| &**path).collect();
        paths.dedup();
        paths.into_iter().all(|path| {
            let served = api.get(path).ok();
            let served = served.as_ref().map(plurals).unwrap_or_default();
            let wanted = self.resources.iter().filter(|(at, _)| at == path);
            wanted
                .map(|(_, plural)| &**plural)
                .all(|plural| served.contains(plural))
        })
    }
}

fn read(crds: &CrdSources, istio: &str) -> Result<Vec<Value>, RigError> {
    let mut versions = crds.istio.iter();
    let (_, file) = versions
        .find(|(version, _)| version == istio)
        .ok_or_else(|| RigError::unexpected("the rig", format!("no definitions of {istio}")))?;
    let mut all = Vec::new();
    for place in [file, &crds.cert_manager, &crds.gateway_api] {
        all.extend(objects(place)?);
    }
    all.retain(|object| object.pointer("/kind") == Some(&"CustomResourceDefinition".into()));
    all.iter_mut().for_each(forget_labels);
    Ok(all)
}

/// cert-manager's definitions have places for Helm to fill, in labels alone.
fn forget_labels(definition: &mut Value) {
    let metadata = definition.pointer_mut("/metadata");
    if let Some(metadata) = metadata.and_then(Value::as_object_mut) {
        metadata.remove("labels");
    }
}

/// What a definition has the API server serve.
fn resources(definition: &Value) -> Vec<Resource> {
    let text = |pointer| definition.pointer(pointer).and_then(Value::as_str);
    let [group, plural] = ["/spec/group", "/spec/names/plural"].map(|it| text(it).unwrap_or(""));
    let versions = definition
        .pointer("/spec/versions")
        .and_then(Value::as_array);
    let served = versions
        .into_iter()
        .flatten()
        .filter(|version| version.get("served") == Some(&true.into()));
    let names = served.filter_map(|version| version.get("name")?.as_str());
    names
        .map(|version| (format!("/apis/{group}/{version}"), plural.to_owned()))
        .collect()
}

fn plurals(served: &Value) -> BTreeSet<&str> {
    let resources = served.get("resources").and_then(Value::as_array);
    let resources = resources.into_iter().flatten();
    resources
        .filter_map(|resource| resource.get("name")?.as_str())
        .collect()
}

/// The files of a folder and of those in it.
fn files(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, RigError> {
    let doing = || RigError::io(format!("read {}", folder.display()));
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(within) = folders.pop() {
        for entry in fs::read_dir(folder.join(&within)).map_err(doing())? {
            let entry = entry.map_err(doing())?;
            let path = within.join(entry.file_name());
            match entry.path().is_dir() {
                true => folders.push(path),
                false => files.push((path, fs::read(entry.path()).map_err(doing())?)),
            }
        }
    }
    Ok(files)
}
