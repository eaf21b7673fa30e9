use std::cell::RefCell;
use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use kfwasm_rig::{
    Parts, Person, Process, Provider, ProviderSettings, ProxySettings, free_port, wait_until,
};

use crate::upstream::UPSTREAM;

const PATIENCE: Duration = Duration::from_secs(10);
/// Where the gateways' callbacks are: kfwasm's, that of Envoy's oauth2, oauth2-proxy's.
const CALLBACKS: [&str; 3] = [
    "/authservice/oidc/callback",
    "/callback",
    "/oauth2/callback",
];
/// As many gateways as there may be.
const GATEWAYS: usize = 64;

/// What all variants share: an upstream and a provider.
pub(crate) struct Stage {
    pub(crate) parts: Parts,
    pub(crate) provider: Provider,
    pub(crate) upstream: Process,
    address: SocketAddr,
    /// Ports whose callbacks the provider knows, not given to a gateway yet.
    ports: RefCell<Vec<u16>>,
}

impl Stage {
    pub(crate) fn start() -> Result<Self> {
        Self::start_under(|envoy| Ok(envoy.to_owned()))
    }

    /// With another program in Envoy's place, made of where Envoy is.
    pub(crate) fn start_under(envoy: impl FnOnce(&Path) -> Result<PathBuf>) -> Result<Self> {
        let mut parts = Parts::from_environment()?;
        parts.envoy = envoy(&parts.envoy)?;
        let (upstream, address) = upstream()?;
        let ports = (0..GATEWAYS)
            .map(|_| free_port())
            .collect::<Result<Vec<_>, _>>()?;
        let uris = ports.iter().flat_map(|port| {
            CALLBACKS.map(|callback| format!("http://localhost:{port}{callback}"))
        });
        let settings = ProviderSettings {
            people: people(),
            token_seconds: 24 * 3600,
            ..ProviderSettings::new(free_port()?, uris.collect())
        };
        Ok(Self {
            provider: Provider::start(&parts, settings)?,
            parts,
            upstream,
            address,
            ports: RefCell::new(ports),
        })
    }

    /// Settings of a gateway on a port of its own, without a filter.
    pub(crate) fn proxy(&self) -> Result<ProxySettings> {
        let port = self.ports.borrow_mut().pop();
        let port = port.context("more gateways than the provider knows callbacks of")?;
        Ok(ProxySettings::new(port, self.address))
    }
}

/// A file that `cargo xtask bench` has made and named in the environment.
pub(super) fn part(variable: &str) -> Result<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from);
    path.filter(|path| path.is_file())
        .with_context(|| format!("{variable} names no file: run this by `cargo xtask bench`"))
}

/// This very program as a process of its own.
fn upstream() -> Result<(Process, SocketAddr)> {
    let mut command = Command::new(env::current_exe()?);
    command.arg(UPSTREAM);
    let log = tempfile::NamedTempFile::new()?.into_temp_path();
    let process = Process::start(
        command,
        log.to_path_buf(),
        "run this by `cargo xtask bench`",
    )?;
    let port = wait_until("the upstream to listen", PATIENCE, || {
        process.log().lines().first()?.parse().ok()
    })?;
    Ok((process, SocketAddr::from((Ipv4Addr::LOCALHOST, port))))
}

/// Alice is in two groups, bob in 20; carol in as many as Entra puts into a token at most.
fn people() -> Vec<Person> {
    let member = |username: &str, name: &str, count: u32| Person {
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        name: name.to_owned(),
        groups: (0..count)
            .map(|number| format!("team-{number:03}"))
            .collect(),
    };
    vec![
        Person::alice(),
        member("bob", "Bob", 20),
        member("carol", "Carol", 200),
    ]
}
