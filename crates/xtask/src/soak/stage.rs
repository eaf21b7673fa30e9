//! The gateways and what is around them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use kfwasm_rig::{
    Gateway, GatewaySettings, Loudness, Module, Parts, Provider, ProviderSettings, UserAgent,
    free_port, session_key,
};
use serde_json::{Value, json};

use super::person::Person;
use super::upstream;

pub(super) const SESSION: &str = "authservice_session";
const KEYS: &str = "KFWASM_SESSION_KEYS";
const SECRET: &str = "KFWASM_CLIENT_SECRET";
const CALLBACK: &str = "/authservice/oidc/callback";
/// A gateway and the one that shares its sessions.
pub(super) const GATEWAYS: usize = 2;

/// Everything that runs. It ends with this value.
pub(super) struct Stage {
    parts: Parts,
    upstream: SocketAddr,
    pub(super) provider: Provider,
    pub(super) ports: [u16; GATEWAYS],
    pub(super) gateways: Vec<Gateway>,
    module: Vec<u8>,
    /// Session keys, the first of which seals.
    keys: Vec<String>,
    /// How often the configuration was changed.
    pushes: u32,
    pub(super) people: Vec<Person>,
}

impl Stage {
    pub(super) fn start(parts: &Parts, module: Vec<u8>) -> Result<Self> {
        let ports = [free_port()?, free_port()?];
        let callbacks = ports.map(|port| format!("http://localhost:{port}{CALLBACK}"));
        let settings = ProviderSettings::new(free_port()?, callbacks.to_vec());
        let mut stage = Self {
            parts: parts.clone(),
            upstream: upstream::start()?,
            provider: Provider::start(parts, settings)?,
            ports,
            gateways: Vec::new(),
            module,
            keys: vec![session_key()?],
            pushes: 0,
            people: Vec::new(),
        };
        for index in 0..GATEWAYS {
            let gateway = stage.gateway(index)?;
            stage.gateways.push(gateway);
        }
        for username in ["alice", "bob"] {
            let person = stage.sign_in(0, username)?;
            stage.people.push(person);
        }
        Ok(stage)
    }

    fn gateway(&self, index: usize) -> Result<Gateway> {
        let port = *self.ports.get(index).context("no such gateway")?;
        let mut settings = GatewaySettings::new(port, self.upstream, self.plugin());
        let secret = self.provider.settings().client_secret.clone();
        settings.environment = BTreeMap::from([
            (SECRET.to_owned(), secret),
            (KEYS.to_owned(), self.keys.join(",")),
        ]);
        settings.provider_hosts = vec![self.provider.host()];
        settings.module = Module::Other(self.module.clone());
        settings.loudness = Loudness::Warnings;
        Ok(Gateway::start(&self.parts, settings)?)
    }

    fn plugin(&self) -> Value {
        let hosts = self.ports.map(Gateway::authority_at);
        json!({
            "providers": [{
                "issuer": self.provider.issuer(),
                "clientId": self.provider.settings().client_id,
                "clientSecret": { "env": SECRET },
                "insecureHttp": true,
                "timeout": "5s",
            }],
            "publicHosts": hosts,
            "insecureHttp": true,
            "session": { "idle": "20m" },
            "skip": [{ "prefix": "/public" }],
            "brand": { "name": format!("Soak {}", self.pushes) },
        })
    }

    /// Signs in at a gateway, from the first page to the last.
    pub(super) fn sign_in(&self, gateway: usize, username: &str) -> Result<Person> {
        let gateway = self.gateways.get(gateway).context("no such gateway")?;
        let home = format!("{}/", gateway.address());
        let mut browser = UserAgent::new();
        let page = browser.sign_in(&home, username)?;
        ensure!(page.status == 200, "the sign-in ended with {}", page.status);
        let session = browser.cookie(&home, SESSION).context("no session")?;
        Ok(Person::new(format!("{username}@example.com"), session))
    }

    /// Ends a gateway and starts it anew.
    pub(super) fn restart(&mut self, index: usize) -> Result<()> {
        ensure!(index < self.gateways.len(), "no such gateway");
        self.gateways.remove(index).stop();
        let gateway = self.gateway(index)?;
        self.gateways.insert(index, gateway);
        Ok(())
    }

    /// Makes another key ring, which gateways have when they restart.
    pub(super) fn set_keys(&mut self, change: impl FnOnce(&mut Vec<String>, String)) -> Result<()> {
        let key = session_key()?;
        change(&mut self.keys, key);
        Ok(())
    }

    /// Changes the configuration of both gateways while they run.
    pub(super) fn push(&mut self) -> Result<()> {
        self.pushes += 1;
        let plugin = self.plugin();
        for gateway in &mut self.gateways {
            gateway.push(plugin.clone())?;
        }
        Ok(())
    }
}
