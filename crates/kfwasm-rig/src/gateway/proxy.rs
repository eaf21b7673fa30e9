use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::bootstrap::{bootstrap_of, connection_manager, listener, router};
use super::cluster::cluster;
use super::envoy::{Envoy, Loudness};
use super::{WasmFilter, plugin};
use crate::{RigError, claim_port, wait_until};

const PATIENCE: Duration = Duration::from_secs(60);
const UPSTREAM: &str = "upstream";

/// How a [`Proxy`] is to be set up.
#[derive(Clone)]
pub struct ProxySettings {
    /// The TCP port on loopback that it serves.
    pub port: u16,
    /// Where requests go.
    pub upstream: SocketAddr,
    /// A module that sees requests first.
    pub wasm: Option<WasmFilter>,
    /// HTTP filters in front of the module.
    pub in_front: Vec<Value>,
    /// Further HTTP filters before the router.
    pub http_filters: Vec<Value>,
    /// Routes that are tried before that to the upstream.
    pub routes: Vec<Value>,
    /// Clusters beside that of the upstream.
    pub clusters: Vec<Value>,
    /// Secrets of Envoy's own filters (`static_resources.secrets`).
    pub secrets: Vec<Value>,
    /// The environment of Envoy's process.
    pub environment: BTreeMap<String, String>,
    /// How many worker threads.
    pub workers: u8,
}

impl ProxySettings {
    /// One worker and no filter but the router.
    #[must_use]
    pub fn new(port: u16, upstream: SocketAddr) -> Self {
        Self {
            port,
            upstream,
            wasm: None,
            in_front: Vec::new(),
            http_filters: Vec::new(),
            routes: Vec::new(),
            clusters: Vec::new(),
            secrets: Vec::new(),
            environment: BTreeMap::new(),
            workers: 1,
        }
    }
}

/// A running Envoy with the connection manager of a [`super::Gateway`] and any HTTP filters, or none: what a gateway is
/// compared with. It writes no log but warnings, and ends when this value is dropped.
#[derive(Debug)]
pub struct Proxy {
    envoy: Envoy,
    port: u16,
    _folder: TempDir,
}

impl Proxy {
    /// Starts Envoy and waits until it serves.
    ///
    /// # Errors
    /// The port is in use, Envoy is missing, or it refused its configuration.
    pub fn start(program: &Path, settings: ProxySettings) -> Result<Self, RigError> {
        claim_port(settings.port)?;
        let folder = tempfile::tempdir().map_err(RigError::io("create a temporary folder"))?;
        let bootstrap = bootstrap(&settings, folder.path())?;
        let envoy = Envoy::start(
            program,
            folder.path(),
            &bootstrap,
            settings.workers,
            &settings.environment,
            Loudness::Warnings,
        )?;
        let mut proxy = Self {
            envoy,
            port: settings.port,
            _folder: folder,
        };
        proxy.wait_until_serving()?;
        Ok(proxy)
    }

    /// Host and port as they stand in a request.
    #[must_use]
    pub fn authority(&self) -> String {
        super::Gateway::authority_at(self.port)
    }

    /// The address with this path and query.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority())
    }

    /// The TCP port on loopback that it serves.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
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

    fn wait_until_serving(&mut self) -> Result<(), RigError> {
        let port = self.port;
        let envoy = &mut self.envoy;
        wait_until("Envoy to serve", PATIENCE, || {
            if envoy.has_ended() {
                return Some(Err(envoy.refusal()));
            }
            let listening = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            (listening && envoy.admin.is_ready()).then_some(Ok(()))
        })?
    }
}

fn bootstrap(settings: &ProxySettings, folder: &Path) -> Result<Value, RigError> {
    let mut filters = settings.in_front.clone();
    if let Some(wasm) = &settings.wasm {
        let file = folder.join("plugin.json");
        plugin::write(&file, wasm, &plugin::local(&wasm.module))?;
        filters.push(plugin::filter(&wasm.name, &file));
    }
    filters.extend(settings.http_filters.iter().cloned());
    filters.push(router());
    let address = settings.upstream.ip().to_string();
    let mut clusters = vec![cluster(UPSTREAM, &address, settings.upstream.port())];
    clusters.extend(settings.clusters.iter().cloned());
    let manager = connection_manager(UPSTREAM, filters, &settings.routes);
    let mut bootstrap = bootstrap_of(listener(settings.port, manager), clusters);
    if let Some(resources) = bootstrap.get_mut("static_resources") {
        resources["secrets"] = settings.secrets.clone().into();
    }
    Ok(bootstrap)
}

/// A cluster of one address on loopback, for [`ProxySettings::clusters`].
#[must_use]
pub fn loopback_cluster(name: &str, port: u16) -> Value {
    cluster(name, "127.0.0.1", port)
}
