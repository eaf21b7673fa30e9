use std::convert::Infallible;
use std::path::{Path, PathBuf};

use clap::Args;
use kfwasm_config::installation::{Gateway, KfName};

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
    /// The gateway of the installation that is named or stands here; without one, that of Kubeflow's manifests.
    pub(crate) fn gateway(&self) -> Result<Gateway, Failure> {
        Ok(gateway_of(self.settings()?.as_ref()))
    }

    /// The same, and of what has no directory yet: an installation begins at the gateway of Kubeflow's manifests, before
    /// there is one.
    pub(crate) fn meant(&self) -> Result<Meant, Failure> {
        let is_there = self.directory()?.settings_file().exists();
        match (&self.name, self.gateway()) {
            (Some(name), Err(absent)) if !is_there => Ok(Meant {
                gateway: Gateway::default(),
                begun_as: Some((name.clone(), absent)),
            }),
            (_, gateway) => Ok(Meant {
                gateway: gateway?,
                begun_as: None,
            }),
        }
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
    /// Its name, and why there is no directory of that name.
    begun_as: Option<(String, Failure)>,
}

impl Meant {
    /// Refuses what was found there, where it is not meant: without a directory, all but what was just begun under the name.
    pub(crate) fn check(&self, previous: &Previous) -> Result<(), Failure> {
        match &self.begun_as {
            Some((name, absent)) if !previous.has_begun_as(name) => Err(absent.clone()),
            _ => Ok(()),
        }
    }
}

/// The gateway of these settings; without any, that of Kubeflow's manifests.
pub(crate) fn gateway_of(settings: Option<&Settings>) -> Gateway {
    let gateway = settings.map(|settings| settings.installation.gateway.clone());
    gateway.unwrap_or_default()
}
