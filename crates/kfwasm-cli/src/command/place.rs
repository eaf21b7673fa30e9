use std::convert::Infallible;
use std::path::{Path, PathBuf};

use clap::Args;
use kfwasm_config::installation::{Gateway, KfName};

use crate::cluster::Cluster;
use crate::directory::{Directory, SETTINGS};
use crate::failure::Failure;
use crate::install::Previous;
use crate::settings::Settings;

/// Which installation is meant.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PlaceArgs {
    /// The name of the installation (KF_NAME), and of its directory here. Without it, kfwasm.yaml in this directory.
    #[arg(value_name = "KF_NAME", env = "KF_NAME", value_parser = without_slash)]
    pub(crate) name: Option<String>,
    /// The settings file, or the directory that it is in, when it is elsewhere.
    #[arg(short, long, value_name = "FILE", conflicts_with = "name")]
    pub(crate) file: Option<PathBuf>,
}

/// Shells complete the name of a directory with a slash.
fn without_slash(name: &str) -> Result<String, Infallible> {
    Ok(name.strip_suffix('/').unwrap_or(name).to_owned())
}

impl PlaceArgs {
    /// The installation that is named or stands here, and what has no directory yet: one begins at the gateway of Kubeflow's
    /// manifests, before there is a directory. Without either it is what is installed there.
    pub(crate) fn meant(&self) -> Result<Meant, Failure> {
        let is_there = self.directory()?.settings_file().exists();
        let (settings, absent) = match (&self.name, self.settings()) {
            (Some(_), Err(absent)) if !is_there => (None, Some(absent)),
            (_, settings) => (settings?, None),
        };
        Ok(match settings {
            Some(settings) => Meant::by(&settings),
            None => Meant {
                name: self.name.clone(),
                gateway: Gateway::default(),
                absent,
            },
        })
    }

    /// The settings of the installation that is named or stands here.
    pub(crate) fn settings(&self) -> Result<Option<Settings>, Failure> {
        let directory = self.directory()?;
        let file = directory.settings_file();
        if self.name.is_none() && self.file.is_none() && !file.exists() {
            return Ok(None);
        }
        Settings::read(file).map(Some)
    }

    /// Its directory.
    pub(crate) fn directory(&self) -> Result<Directory, Failure> {
        if let Some(file) = &self.file {
            let within = file.is_dir().then(|| file.join(SETTINGS));
            return Ok(Directory::of(within.unwrap_or_else(|| file.clone())));
        }
        let Some(name) = &self.name else {
            return Ok(Directory::of(PathBuf::from(SETTINGS)));
        };
        let name = KfName::parse(name).map_err(|refusals| {
            let problems: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            Failure::usage(
                format!("KF_NAME {}", problems.join("\n       KF_NAME ")),
                "",
            )
        })?;
        Ok(Directory::of(Path::new(name.as_str()).join(SETTINGS)))
    }
}

/// An installation in the cluster that may have no directory yet.
#[derive(Clone, Debug)]
pub(crate) struct Meant {
    pub(crate) gateway: Gateway,
    /// What it is called; nothing, where it is whatever stands at that gateway.
    name: Option<String>,
    /// Why there is no directory of that name.
    absent: Option<Failure>,
}

impl Meant {
    /// The installation of these settings.
    pub(crate) fn by(settings: &Settings) -> Self {
        Self {
            gateway: settings.installation.gateway.clone(),
            name: Some(settings.installation.name.as_str().to_owned()),
            absent: None,
        }
    }

    /// What is kept of what had been there before it.
    ///
    /// # Errors
    /// What stands there is not what is meant, or cannot be seen.
    pub(crate) async fn previous(&self, cluster: &Cluster) -> Result<Previous, Failure> {
        let previous = Previous::read(cluster, self.gateway.namespace.as_str()).await?;
        self.check(&previous)?;
        Ok(previous)
    }

    /// Refuses what was found there, where it is not meant: what has another name, and, without a directory, all but what was
    /// just begun.
    fn check(&self, previous: &Previous) -> Result<(), Failure> {
        let Some(name) = self.name.as_deref().filter(|_| !previous.is_empty()) else {
            return self.absent.clone().map_or(Ok(()), Err);
        };
        match &self.absent {
            Some(absent) if !previous.has_begun_as(name) => Err(absent.clone()),
            _ if previous.is_of(name) => Ok(()),
            _ => Err(other(previous, name)),
        }
    }
}

fn other(previous: &Previous, name: &str) -> Failure {
    let (installed, namespace) = (previous.installation(), previous.namespace());
    Failure::usage(
        format!(
            "what is installed in {namespace} is the installation {installed}, and not {name}; nothing was changed"
        ),
        format!(
            "choose another cluster with --context, or the directory of {installed}; where the name in kfwasm.yaml was changed since, write {installed} again"
        ),
    )
}

/// The gateway of these settings; without any, that of Kubeflow's manifests.
pub(crate) fn gateway_of(settings: Option<&Settings>) -> Gateway {
    let gateway = settings.map(|settings| settings.installation.gateway.clone());
    gateway.unwrap_or_default()
}
