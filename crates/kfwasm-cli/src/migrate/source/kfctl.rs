use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::setting::{is_published, is_secret};
use super::super::{Predecessor, SecretPlace, Setting};
use super::Found;
use crate::failure::Failure;
use crate::yaml;

const CACHE: &str = ".cache/manifests";
const BASE: &str = "istio/oidc-authservice/base";
const OVERLAY: &str = "stacks/azure/application/oidc-authservice/kustomization.yaml";
const STACK: &str = "stacks/azure/config/params.env";
/// No file of a kustomization is larger than this.
const MOST_BYTES: u64 = 1 << 20;

/// A parameter, and the file that it comes from.
type Parameters = BTreeMap<String, (String, PathBuf)>;

/// Reads parameters as kustomize would merge them, and puts them into the variables of the StatefulSet.
pub(super) fn find(directory: &Path) -> Result<Found, Failure> {
    let manifests = manifests(directory)?;
    let mut parameters = Parameters::new();
    for file in [BASE.to_owned() + "/params.env", STACK.to_owned()] {
        let file = manifests.join(file);
        if let Some(text) = text(&file)? {
            merge(&mut parameters, text.lines().map(str::to_owned), &file);
        }
    }
    let overlay = manifests.join(OVERLAY);
    let literals = literals(&overlay)?;
    merge(&mut parameters, literals.into_iter(), &overlay);
    let variables = variables(&manifests.join(BASE).join("statefulset.yaml"))?;
    let mut found = Found::new(Predecessor::Authservice, manifests.display().to_string());
    for (name, written) in variables {
        fill(&mut found, &name, &written, &parameters);
    }
    refuse_placeholders(&found)?;
    Ok(found)
}

fn manifests(directory: &Path) -> Result<PathBuf, Failure> {
    let is_one = |folder: &PathBuf| folder.join(BASE).is_dir();
    let folder = directory.join(CACHE);
    let entries = fs::read_dir(&folder).into_iter().flatten();
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.push(directory.to_owned());
    folders.sort();
    folders.into_iter().find(is_one).ok_or_else(|| {
        Failure::usage(
            format!("{} has no {CACHE}/*/{BASE}", directory.display()),
            "name the directory in which `kfctl build` was run (KF_DIR)",
        )
    })
}

fn text(file: &Path) -> Result<Option<String>, Failure> {
    let Ok(metadata) = fs::metadata(file) else {
        return Ok(None);
    };
    let unreadable = |what: String| unreadable(file, &what);
    if metadata.len() > MOST_BYTES {
        return Err(unreadable(
            "is too large to be what it should be".to_owned(),
        ));
    }
    let text = fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    Ok(Some(text))
}

fn merge(parameters: &mut Parameters, lines: impl Iterator<Item = String>, file: &Path) {
    for line in lines {
        if let Some((name, value)) = line.trim().split_once('=')
            && !name.starts_with('#')
        {
            let value = (value.trim().to_owned(), file.to_owned());
            parameters.insert(name.trim().to_owned(), value);
        }
    }
}

/// What Kubeflow's kfctl instructions for Azure have people write into the kustomization.
fn literals(file: &Path) -> Result<Vec<String>, Failure> {
    let Some(document) = document(file)? else {
        return Ok(Vec::new());
    };
    let generators = document.get("configMapGenerator").and_then(Value::as_array);
    let literals = generators.into_iter().flatten();
    let literals = literals.filter_map(|generator| generator.get("literals")?.as_array());
    let literals = literals.flatten().filter_map(Value::as_str);
    Ok(literals.map(str::to_owned).collect())
}

/// Name and value, which may be `$(parameter)`.
fn variables(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let document = document(file)?.ok_or_else(|| {
        Failure::usage(
            format!("{} is missing", file.display()),
            "name the directory in which `kfctl build` was run (KF_DIR)",
        )
    })?;
    let env = document.pointer("/spec/template/spec/containers/0/env");
    let env = env.and_then(Value::as_array).into_iter().flatten();
    let text = |variable: &Value, field| Some(variable.get(field)?.as_str()?.to_owned());
    Ok(env
        .filter_map(|variable| Some((text(variable, "name")?, text(variable, "value")?)))
        .collect())
}

fn document(file: &Path) -> Result<Option<Value>, Failure> {
    let Some(text) = text(file)? else {
        return Ok(None);
    };
    let document = yaml::document(&text);
    document.map(Some).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, what: &str) -> Failure {
    Failure::usage(
        format!("{}: {what}", file.display()),
        "restore it as `kfctl build` has made it, or begin with `kfwasm build`",
    )
}

fn fill(found: &mut Found, name: &str, written: &str, parameters: &Parameters) {
    let parameter = written
        .strip_prefix("$(")
        .and_then(|rest| rest.strip_suffix(')'));
    let known = parameter.and_then(|parameter| parameters.get(parameter));
    let value = match (parameter, known) {
        (None, _) => written,
        (Some(_), Some((value, _))) => value,
        (Some(_), None) => "",
    };
    if !is_secret(name) {
        found.settings.push(Setting::new(name, value));
        return;
    }
    found.is_published = is_published(value);
    let place = parameter
        .zip(known)
        .map(|(key, (_, file))| SecretPlace::File {
            file: file.clone(),
            key: key.to_owned(),
        });
    let here = || SecretPlace::Elsewhere("it stands in statefulset.yaml itself".to_owned());
    found.secret = Some(place.unwrap_or_else(here));
}

fn refuse_placeholders(found: &Found) -> Result<(), Failure> {
    let is_placeholder = |setting: &&Setting| setting.text().contains(['<', '>']);
    let Some(setting) = found.settings.iter().find(is_placeholder) else {
        return Ok(());
    };
    Err(Failure::usage(
        format!(
            "{} is still {} in {}",
            setting.name,
            setting.text(),
            found.place
        ),
        "fill it in as Kubeflow's instructions for Azure say, or begin with `kfwasm build`",
    ))
}
