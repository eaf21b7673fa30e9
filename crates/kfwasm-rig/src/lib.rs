//! A real Envoy, provider, upstream and browser on loopback, for the demo, the tests and the benches.
//!
//! Nothing here stands in for what it names: [`Gateway`] is Envoy with the module, [`Provider`] is a certified
//! OpenID provider, [`Chrome`] is Chromium. Only [`Upstream`] (a page that shows what arrived, where Kubeflow's
//! dashboard would be) and [`UserAgent`] (a browser that also sends what no browser would) are written here.
//! [`Rig`] is all of them together, ready for a sign-in.
//!
//! Everything listens on 127.0.0.1 alone and ends with the value that stands for it.

mod certificate_authorities;
mod chrome;
mod error;
mod exchange;
mod gateway;
mod log;
mod parts;
mod patience;
mod person;
mod port;
mod process;
mod provider;
mod provider_host;
mod registry;
mod rig;
mod terminal;
mod upstream;
mod user_agent;

pub use chrome::Chrome;
pub use error::RigError;
pub use exchange::{Response, exchange};
pub use gateway::{
    Backstop, FailurePolicy, Gateway, GatewaySettings, Loudness, Module, ModuleLine, Proxy,
    ProxySettings, WasmFilter, discover, loopback_cluster,
};
pub use log::Log;
pub use parts::{Parts, existing_part};
pub use patience::wait_until;
pub use person::Person;
pub use port::{claim_port, free_port};
pub use process::Process;
pub use provider::{Provider, ProviderSettings, ProviderTls};
pub use provider_host::ProviderHost;
pub use registry::Registry;
pub use rig::{Rig, RigSettings, session_key};
pub use terminal::Terminal;
pub use upstream::{Received, Upstream};
pub use user_agent::{Page, Request, UserAgent};
