//! The directory of an installation: `kfwasm.yaml`, and what is built from it in `manifests/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::module::{Module, sha256_of};
use crate::object::Object;
use crate::render::{self, MODULE_FILE, Manifest};
use crate::yaml;

pub(crate) const SETTINGS: &str = "kfwasm.yaml";
const KUSTOMIZATION: &str = "kustomization.yaml";
/// The last line of what we say at the top of a file: the digest of everything below it.
const MARK: &str = "# content: ";

/// The directory of an installation.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    settings: PathBuf,
}

/// What a build did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files that were made or changed.
    pub(crate) written: Vec<String>,
    /// Files that are no longer needed.
    pub(crate) removed: Vec<String>,
}

impl Directory {
    /// The directory of that settings file.
    pub(crate) fn of(settings: PathBuf) -> Self {
        Self { settings }
    }

    pub(crate) fn settings_file(&self) -> &Path {
        &self.settings
    }

    pub(crate) fn manifests(&self) -> PathBuf {
        self.settings.with_file_name("manifests")
    }

    /// Makes the settings file, and the directory around it.
    pub(crate) fn make_settings(&self, text: &str) -> Result<(), Failure> {
        let file = self.settings_file();
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(|error| unwritable(file, &error))?;
        }
        fs::write(file, text).map_err(|error| unwritable(file, &error))
    }

    /// Writes what is different from what is there. What a person has edited is overwritten only when `overwrite`.
    pub(crate) fn write(
        &self,
        manifests: &[Manifest],
        module: Option<&Module>,
        overwrite: bool,
    ) -> Result<Written, Failure> {
        let folder = self.manifests();
        let files = files(manifests, module);
        let stale = stale(&folder, &files)?;
        if !overwrite {
            let names = files.iter().map(|(name, _)| name).chain(&stale);
            refuse_edited(&folder, names)?;
        }
        fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        let mut done = Written::default();
        for (name, bytes) in files {
            let file = folder.join(&name);
            if fs::read(&file).is_ok_and(|there| there == bytes) {
                continue;
            }
            fs::write(&file, bytes).map_err(|error| unwritable(&file, &error))?;
            done.written.push(name);
        }
        for name in stale {
            let file = folder.join(&name);
            fs::remove_file(&file).map_err(|error| unwritable(&file, &error))?;
            done.removed.push(name);
        }
        Ok(done)
    }

    /// Refuses what was built of other settings than these. What a person has edited stays as it is.
    pub(crate) fn refuse_outdated(&self, manifests: &[Manifest]) -> Result<(), Failure> {
        let folder = self.manifests();
        let files = files(manifests, None);
        let mut outdated = stale(&folder, &files)?;
        outdated.extend(files.into_iter().filter_map(|(name, text)| {
            let there = fs::read_to_string(folder.join(&name)).ok()?;
            let is_built = !is_edited(&there) && name != KUSTOMIZATION;
            (is_built && digest_of(&there) != digest_of(&String::from_utf8_lossy(&text)))
                .then_some(name)
        }));
        outdated.retain(|name| name != MODULE_FILE);
        if outdated.is_empty() {
            return Ok(());
        }
        Err(Failure::usage(
            format!(
                "{} was built from another kfwasm.yaml, or by another version of kfwasm: {}",
                folder.display(),
                outdated.join(", ")
            ),
            "run `kfwasm build` first, or `kfwasm install`, which does both",
        ))
    }

    /// The objects that stand in `manifests/`, edits of a person included.
    pub(crate) fn read(&self) -> Result<Vec<Object>, Failure> {
        let folder = self.manifests();
        let mut objects = Vec::new();
        for name in yaml_files(&folder)? {
            if name != KUSTOMIZATION {
                objects.extend(read_objects(&folder.join(name))?);
            }
        }
        if objects.is_empty() {
            return Err(Failure::usage(
                format!("there is nothing to apply in {}", folder.display()),
                "run `kfwasm build` first, or `kfwasm install`, which does both",
            ));
        }
        Ok(objects)
    }

    /// The module in `manifests/`, where it comes from a ConfigMap.
    pub(crate) fn module(&self) -> Result<Option<Module>, Failure> {
        let file = self.manifests().join(MODULE_FILE);
        if file.is_file() {
            Module::read(&file).map(Some)
        } else {
            Ok(None)
        }
    }
}

fn files(manifests: &[Manifest], module: Option<&Module>) -> Vec<(String, Vec<u8>)> {
    let rendered = manifests
        .iter()
        .filter(|manifest| manifest.name != render::MODULE_MANIFEST);
    let mut files: Vec<(String, Vec<u8>)> = rendered
        .clone()
        .map(|manifest| {
            (
                manifest.name.to_owned(),
                text(&manifest.comment, &body(manifest)).into_bytes(),
            )
        })
        .collect();
    let names: Vec<&str> = rendered.map(|manifest| manifest.name).collect();
    let namespace = manifests
        .iter()
        .find(|manifest| manifest.name == render::MODULE_MANIFEST);
    let namespace = namespace
        .and_then(|manifest| manifest.objects.first())
        .map(|object| object.text("/metadata/namespace"));
    files.push((
        KUSTOMIZATION.to_owned(),
        text(&KUSTOMIZATION_COMMENT, &kustomization(&names, namespace)).into_bytes(),
    ));
    if let Some(module) = module {
        files.push((MODULE_FILE.to_owned(), module.bytes().to_vec()));
    }
    files
}

const KUSTOMIZATION_COMMENT: [&str; 2] = [
    "For kustomize, Argo CD and Flux: `kubectl apply --server-side -k .` applies what `kfwasm apply` does, without its",
    "order, its waiting and its way back.",
];

fn body(manifest: &Manifest) -> String {
    yaml::write_all(manifest.objects.iter().map(Object::value))
}

fn kustomization(names: &[&str], module_namespace: Option<&str>) -> String {
    let resources: String = names.iter().map(|name| format!("  - {name}\n")).collect();
    let module = module_namespace.map_or_else(String::new, |namespace| {
        format!(
            "configMapGenerator:\n  - name: kfwasm-module\n    namespace: {namespace}\n    files:\n      - {MODULE_FILE}\n    \
             options:\n      disableNameSuffixHash: true\n      labels:\n        app.kubernetes.io/part-of: kfwasm\n"
        )
    });
    format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{resources}{module}"
    )
}

fn text(comment: &[&str], body: &str) -> String {
    let about: String = comment.iter().map(|line| format!("# {line}\n")).collect();
    let digest = sha256_of(body);
    let digest = digest.get(..16).unwrap_or_default();
    format!(
        "{about}#\n# Made from kfwasm.yaml by `kfwasm build`, which does not overwrite it once it is edited.\n{MARK}{digest}\n{body}"
    )
}

/// Whether a person has changed what is below our mark, or removed the mark.
fn is_edited(text: &str) -> bool {
    digest_and_body(text)
        .is_none_or(|(digest, body)| !sha256_of(body).starts_with(digest) || digest.is_empty())
}

/// What the mark says.
fn digest_of(text: &str) -> Option<&str> {
    digest_and_body(text).map(|(digest, _)| digest)
}

fn digest_and_body(text: &str) -> Option<(&str, &str)> {
    text.split_once(MARK)?.1.split_once('\n')
}

fn refuse_edited<'n>(
    folder: &Path,
    names: impl Iterator<Item = &'n String>,
) -> Result<(), Failure> {
    let edited: Vec<&str> = names
        .filter(|name| name.as_str() != MODULE_FILE)
        .filter(|name| fs::read_to_string(folder.join(name)).is_ok_and(|text| is_edited(&text)))
        .map(String::as_str)
        .collect();
    if edited.is_empty() {
        return Ok(());
    }
    Err(Failure::failed(
        format!(
            "{} was edited since it was built: {}",
            folder.display(),
            edited.join(", ")
        ),
        "`kfwasm apply` applies it as it is; --overwrite builds it anew, without the edits",
    ))
}

/// What an earlier build made and this one does not.
fn stale(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<String>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = yaml_files(folder)?;
    names.retain(|name| !files.iter().any(|(made, _)| made == name));
    names
        .retain(|name| fs::read_to_string(folder.join(name)).is_ok_and(|text| text.contains(MARK)));
    if folder.join(MODULE_FILE).is_file() && !files.iter().any(|(made, _)| made == MODULE_FILE) {
        names.push(MODULE_FILE.to_owned());
    }
    Ok(names)
}

fn yaml_files(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| {
        Failure::usage(
            format!("{}: {error}", folder.display()),
            "run `kfwasm build` first, or `kfwasm install`, which does both",
        )
    })?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
        .collect();
    names.sort();
    Ok(names)
}

fn read_objects(file: &Path) -> Result<Vec<Object>, Failure> {
    let refuse = |what: String| {
        Failure::usage(
            format!("{}: {what}", file.display()),
            "correct it, or build it anew with `kfwasm build --overwrite`",
        )
    };
    let text = fs::read_to_string(file).map_err(|error| refuse(error.to_string()))?;
    let documents = yaml::documents(&text).map_err(refuse)?;
    documents
        .into_iter()
        .map(|document| {
            Object::new(document).ok_or_else(|| {
                refuse("a document has no apiVersion, kind or metadata.name".to_owned())
            })
        })
        .collect()
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(
        format!("cannot write {}: {error}", path.display()),
        "name a directory that you may write to",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS_TEXT: &str = "name: ml\nmodule: {url: \"oci://registry.example.com/kfwasm:1\"}\nplugin:\n  publicHosts: [ml.example.com]\n  \
         providers: [{issuer: \"https://id.example.com\", clientId: kubeflow, clientSecret: {env: SECRET}}]\n";

    fn built(directory: &Directory, settings: &str, overwrite: bool) -> Result<Written, Failure> {
        let settings = crate::settings::Settings::parse(settings).unwrap();
        directory.write(&render::manifests(&settings, None), None, overwrite)
    }

    fn empty() -> (tempfile::TempDir, Directory) {
        let work = tempfile::tempdir().unwrap();
        let directory = Directory::of(work.path().join(SETTINGS));
        (work, directory)
    }

    #[test]
    fn what_was_edited_is_overwritten_only_on_demand() {
        let (_work, directory) = empty();
        built(&directory, SETTINGS_TEXT, false).unwrap();
        let file = directory.manifests().join("backstop.yaml");
        let edited = fs::read_to_string(&file).unwrap() + "# mine\n";
        fs::write(&file, &edited).unwrap();
        let refused = built(&directory, SETTINGS_TEXT, false).unwrap_err();
        assert!(refused.to_string().contains("backstop.yaml"), "{refused}");
        assert_eq!(fs::read_to_string(&file).unwrap(), edited);
        let done = built(&directory, SETTINGS_TEXT, true).unwrap();
        assert_eq!(done.written, ["backstop.yaml"]);
    }

    #[test]
    fn what_is_no_longer_needed_is_removed_and_files_of_others_stay() {
        let (_work, directory) = empty();
        built(&directory, SETTINGS_TEXT, false).unwrap();
        fs::write(directory.manifests().join("mine.yaml"), "kind: Mine\n").unwrap();
        let without = format!("{SETTINGS_TEXT}backstop: none\n");
        let done = built(&directory, &without, false).unwrap();
        assert_eq!(done.removed, ["backstop.yaml"]);
        assert!(directory.manifests().join("mine.yaml").exists());
    }
}
