use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::bootstrap::bootstrap;
use super::envoy::Envoy;
use super::{GatewaySettings, Module, plugin};
use crate::{Log, Parts, RigError, claim_port, wait_until};

const PATIENCE: Duration = Duration::from_secs(30);
const ACCESS_LOG: &str = "access.log";

/// A running Envoy with the module in front of an upstream. It ends when this value is dropped.
#[derive(Debug)]
pub struct Gateway {
    envoy: Envoy,
    settings: GatewaySettings,
    module: PathBuf,
    folder: PathBuf,
    _temporary: Option<TempDir>,
}

impl Gateway {
    /// Starts Envoy and waits until it serves with the plugin's configuration accepted.
    ///
    /// # Errors
    /// The port is in use, Envoy is missing, or Envoy or the module refused its configuration.
    pub fn start(parts: &Parts, settings: GatewaySettings) -> Result<Self, RigError> {
        claim_port(settings.port)?;
        let (folder, temporary) = folder(settings.folder.as_deref())?;
        let plugin_file = folder.join("plugin.json");
        let module = module(parts, &settings, &folder)?;
        write_plugin(&plugin_file, &module, &settings)?;
        let bootstrap = bootstrap(&settings, &plugin_file, &module, &folder.join(ACCESS_LOG))?;
        let envoy = Envoy::start(
            &parts.envoy,
            &folder,
            &bootstrap,
            settings.workers,
            &settings.environment,
            settings.loudness,
        )?;
        let gateway = Self {
            envoy,
            settings,
            module,
            folder,
            _temporary: temporary,
        };
        if gateway.settings.module != Module::Removed {
            gateway.wait_until_configured(Applied::default())?;
        }
        gateway.wait_until_serving()?;
        Ok(gateway)
    }

    /// Its address as a browser writes it, without trailing slash.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// The TCP port on loopback that it serves.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.settings.port
    }

    /// Host and port as they stand in a request.
    #[must_use]
    pub fn authority(&self) -> String {
        Self::authority_at(self.settings.port)
    }

    /// Host and port of a gateway at this port, as a browser writes them: without the port of http.
    #[must_use]
    pub fn authority_at(port: u16) -> String {
        match port {
            80 => "localhost".to_owned(),
            port => format!("localhost:{port}"),
        }
    }

    /// What Envoy and the module print.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.envoy.log()
    }

    /// The lines of the access log, which Envoy writes when a request has ended.
    ///
    /// # Errors
    /// When there is no access log.
    pub fn access_log(&self) -> Result<Vec<String>, RigError> {
        let file = self.folder.join(ACCESS_LOG);
        let text = fs::read_to_string(file).map_err(RigError::io("read the access log"))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The process identifier of Envoy.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.envoy.pid()
    }

    /// One of Envoy's counters or gauges, by its full name; 0 while it does not exist.
    ///
    /// # Errors
    /// When Envoy does not answer.
    pub fn stat(&self, name: &str) -> Result<u64, RigError> {
        self.envoy.admin.stat(name)
    }

    /// What Envoy's administration interface answers at this path.
    ///
    /// # Errors
    /// When Envoy does not answer.
    pub fn admin(&self, path: &str) -> Result<String, RigError> {
        self.envoy.admin.get(path)
    }

    /// Changes the plugin's configuration while requests run, and waits until Envoy has taken it. Its workers follow a
    /// moment later.
    ///
    /// # Errors
    /// [`RigError::EnvoyRefused`] when the module refused it; then the old one stays in force.
    pub fn push(&mut self, plugin: Value) -> Result<(), RigError> {
        let before = self.applied()?;
        self.settings.plugin = plugin;
        write_plugin(
            &self.folder.join("plugin.json"),
            &self.module,
            &self.settings,
        )?;
        self.wait_until_configured(before)
    }

    /// Whether Envoy has ended by itself.
    #[must_use]
    pub fn has_ended(&mut self) -> bool {
        self.envoy.has_ended()
    }

    /// Ends Envoy, at once.
    pub fn stop(mut self) {
        self.envoy.stop();
    }

    fn applied(&self) -> Result<Applied, RigError> {
        let stat = |what: &str| {
            self.stat(&format!(
                "extension_config_discovery.http_filter.{}.{what}",
                plugin::NAME
            ))
        };
        Ok(Applied {
            accepted: stat("update_success")?,
            refused: stat("update_rejected")?,
        })
    }

    fn wait_until_configured(&self, before: Applied) -> Result<(), RigError> {
        let changed = || self.applied().ok().filter(|now| *now != before);
        let now = wait_until(
            "Envoy to take the plugin's configuration",
            PATIENCE,
            changed,
        )?;
        if now.refused > before.refused {
            Err(self.envoy.refusal())
        } else {
            Ok(())
        }
    }

    fn wait_until_serving(&self) -> Result<(), RigError> {
        wait_until("Envoy to serve", PATIENCE, || {
            let listening = TcpStream::connect((Ipv4Addr::LOCALHOST, self.settings.port)).is_ok();
            (listening && self.envoy.admin.is_ready()).then_some(())
        })
    }
}

/// How many configurations of the plugin Envoy has taken or refused.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Applied {
    accepted: u64,
    refused: u64,
}

fn write_plugin(file: &Path, module: &Path, settings: &GatewaySettings) -> Result<(), RigError> {
    let code = plugin::code(&settings.module, module);
    plugin::write(file, &plugin::kfwasm(module, settings), &code)
}

/// Where the module is that the gateway runs.
fn module(parts: &Parts, settings: &GatewaySettings, folder: &Path) -> Result<PathBuf, RigError> {
    let Module::Other(bytes) = &settings.module else {
        return Ok(parts.module.clone());
    };
    let file = folder.join("module.wasm");
    fs::write(&file, bytes).map_err(RigError::io("write a module"))?;
    Ok(file)
}

fn folder(wanted: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), RigError> {
    match wanted {
        Some(folder) => {
            fs::create_dir_all(folder)
                .map_err(RigError::io(format!("create {}", folder.display())))?;
            Ok((folder.to_owned(), None))
        }
        None => {
            let temporary =
                tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
            Ok((temporary.path().to_owned(), Some(temporary)))
        }
    }
}
