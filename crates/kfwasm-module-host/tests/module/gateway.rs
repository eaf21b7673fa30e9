use std::env;
use std::path::PathBuf;
use std::sync::LazyLock;

use kfwasm_module_host::{Call, Engine, Host, Module, OK, ROOT};
use serde_json::json;

use crate::support::request::Request;
use crate::support::stage::{CLIENT_SECRET, OLD_KEY, Stage, config};

/// Compiled once for all tests.
static MODULE: LazyLock<(Engine, Module)> = LazyLock::new(|| {
    let file = env::var_os("KFWASM_RIG_MODULE").map(PathBuf::from);
    let file = file.expect("run this by `cargo xtask test module`");
    let engine = Engine::default();
    let module = Module::from_file(&engine, file).expect("a module");
    (engine, module)
});

/// The functions of the ABI that the module imports, and where its randomness comes from.
pub(crate) fn host_functions() -> impl Iterator<Item = &'static str> {
    let imports = MODULE.1.imports();
    imports
        .filter(|it| it.module() == "env" || it.name() == "random_get")
        .map(|it| it.name())
}

/// One worker of a gateway, whose host does what a test says.
pub(crate) struct Gateway {
    pub(crate) host: Host,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It went on, with these headers, and with the mark or without it.
    Forwarded(Vec<(String, String)>, bool),
    /// It was answered with this status.
    Answered(u32),
    /// It waits.
    Waiting,
}

impl Gateway {
    /// A gateway without a configuration.
    pub(crate) fn unconfigured(stage: &Stage) -> Self {
        let secrets = [
            ("KFWASM_SESSION_KEYS", OLD_KEY),
            ("CLIENT_SECRET", CLIENT_SECRET),
        ];
        let (engine, module) = &*MODULE;
        let host = Host::watched(engine, module, &secrets, stage.clock.now().0);
        Self {
            host: host.expect("a module that starts"),
        }
    }

    /// A gateway with the usual configuration, at the stage's time.
    pub(crate) fn new(stage: &Stage) -> Self {
        let mut gateway = Self::unconfigured(stage);
        assert!(gateway.configure(ROOT));
        gateway
    }

    /// Gives a root the usual configuration; whether it is taken.
    pub(crate) fn configure(&mut self, root: u32) -> bool {
        let configuration = config(json!({})).to_string();
        self.host.configure(root, &configuration).unwrap()
    }

    pub(crate) fn send(&mut self, request: &Request) -> Fate {
        self.send_as(request, &request.encode())
    }

    /// Sends a request whose headers the host hands over as these bytes.
    pub(crate) fn send_as(&mut self, request: &Request, headers: &[u8]) -> Fate {
        self.host.take_calls();
        let passes = self.host.begin_request(headers).expect("no trap");
        let calls = self.host.take_calls();
        match (passes, answer(&calls)) {
            (true, None) => forwarded(request, &calls),
            (true, Some(_)) => panic!("it was answered and let through"),
            (false, Some(status)) => Fate::Answered(status),
            (false, None) => Fate::Waiting,
        }
    }

    /// Hands a response to a callout over; what the module then did to a request that waits.
    pub(crate) fn respond(&mut self, token: u32, headers: &[u8], body: &[u8]) -> Fate {
        self.host.take_calls();
        let response = self.host.callout_response(token, headers, 1, body);
        response.expect("no trap");
        let calls = self.host.take_calls();
        let goes_on = calls
            .iter()
            .any(|it| it.function == "proxy_continue_stream");
        match (goes_on, answer(&calls)) {
            (false, Some(status)) => Fate::Answered(status),
            (false, None) => Fate::Waiting,
            (true, _) => panic!("nothing that waits here may go on"),
        }
    }
}

/// The status of a local reply that the host has sent.
fn answer(calls: &[Call]) -> Option<u32> {
    let is_sent = |it: &&Call| it.function == "proxy_send_local_response" && it.status == OK;
    calls.iter().find(is_sent).map(|it| it.arguments[0])
}

/// The request as the host sends it upstream after these calls.
fn forwarded(request: &Request, calls: &[Call]) -> Fate {
    let (mut headers, mut is_marked) = (request.headers.clone(), false);
    for call in calls.iter().filter(|it| it.status == OK) {
        match (call.function.as_str(), call.texts.as_slice()) {
            ("proxy_remove_header_map_value", [name]) => headers.retain(|it| it.0 != *name),
            ("proxy_replace_header_map_value", [name, value]) => {
                headers.retain(|it| it.0 != *name);
                headers.push((name.clone(), value.clone()));
            }
            ("proxy_set_property", [name, _]) => is_marked |= name == b"kfwasm_gate",
            _ => {}
        }
    }
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let headers = headers.into_iter();
    let headers = headers.map(|(name, value)| (text(name), text(value)));
    Fate::Forwarded(headers.collect(), is_marked)
}
