//! Without the module, nobody gets in: a filter before the router demands the mark that only the module sets.

use kfwasm_rig::{FailurePolicy, Gateway, Module, Request, RigError, UserAgent};
use serde_json::json;

use crate::own_gateway::OwnGateway;
use crate::stage::{Shown, latest, stage, wait_for_line};

/// What a client may try to be taken for one that was let in.
const FORGERIES: [(&str, &str); 6] = [
    (GATE, "1"),
    ("kubeflow-userid", "mallory@example.com"),
    ("kfwasm_gate", "1"),
    ("wasm.kfwasm_gate", "1"),
    ("x-envoy-wasm.kfwasm_gate", "1"),
    ("authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
];

/// A path whose route answers for itself.
const FORMS: &str = "/authservice/programs/token";

#[test]
fn what_the_module_lets_through_passes_the_gate() -> Shown {
    let rig = stage()?;
    UserAgent::new().sign_in(&rig.at("/"), "alice")?;
    assert_eq!(latest(&rig).all("kubeflow-userid"), ["alice@example.com"]);
    assert_eq!(UserAgent::new().visit(&rig.at("/public/x"))?.status, 200);
    Ok(())
}

#[test]
fn without_the_plugin_every_request_is_refused() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.module = Module::Removed;
    assert_closed(&own)
}

#[test]
fn a_module_that_cannot_be_fetched_and_fails_open_lets_nobody_in() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.module = Module::Unreachable;
    own.settings.failure_policy = FailurePolicy::FailOpen;
    assert_closed(&own)
}

#[test]
fn a_module_that_traps_and_fails_open_lets_nobody_in() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.module = Module::Other(trap());
    own.settings.failure_policy = FailurePolicy::FailOpen;
    let gateway = own.start()?;
    for _ in 0..20 {
        let status = UserAgent::new().visit(&gateway.address())?.status;
        assert!(matches!(status, 403 | 503), "{status}");
    }
    assert_refuses(&gateway)?;
    assert!(own.upstream.received().is_empty());
    Ok(())
}

/// A request that cannot be read, changed or marked as decided on is not let through, and the log says what to allow.
#[test]
fn a_host_that_may_not_read_change_or_mark_a_request_lets_nobody_in() -> Shown {
    for forbidden in [
        "proxy_get_header_map_pairs",
        "proxy_replace_header_map_value",
        "proxy_remove_header_map_value",
        "proxy_set_property",
    ] {
        let mut own = OwnGateway::prepare()?;
        own.configure("skip", json!([{ "prefix": "/open" }]));
        own.settings.forbidden = vec![forbidden];
        let gateway = own.start()?;
        let forged = Request::bare(&format!("{}/open", gateway.address()))?
            .header("kubeflow-userid", "mallory@example.com")
            .header("cookie", "authservice_session=x; theme=dark");

        assert_eq!(UserAgent::new().send(&forged)?.status, 503, "{forbidden}");
        wait_for_line(&gateway, &["[warning]", "allow the capabilit", forbidden])?;
        assert!(own.upstream.received().is_empty(), "{forbidden}");
    }
    Ok(())
}

/// Shows that the tests above could fail: it is the gate that refuses, and nothing else.
#[test]
fn without_plugin_and_gate_everybody_would_be_let_in() -> Shown {
    let mut own = OwnGateway::prepare()?;
    own.settings.gate = false;
    for module in [Module::Removed, Module::Unreachable] {
        own.settings.module = module;
        own.settings.failure_policy = FailurePolicy::FailOpen;
        let gateway = own.start()?;
        assert_eq!(UserAgent::new().visit(&gateway.address())?.status, 200);
    }
    Ok(())
}

const GATE: &str = "x-kfwasm-gate";
const SECRET: &str = "b7e23ec29af22b0b4e41da31e868d57226121c84";

/// A gateway whose filter before the router demands a header, as an AuthorizationPolicy can.
fn gated_by_header() -> Result<OwnGateway, RigError> {
    let mut own = OwnGateway::prepare()?;
    let backstop = json!({ "header": GATE, "secret": { "env": "GATE" } });
    let plugin = own.settings.plugin.as_object_mut();
    plugin
        .into_iter()
        .for_each(|it| drop(it.insert("backstop".to_owned(), backstop.clone())));
    own.settings.gate_header = Some((GATE.to_owned(), SECRET.to_owned()));
    let secret = ("GATE".to_owned(), SECRET.to_owned());
    own.settings.environment.extend([secret]);
    Ok(own)
}

#[test]
fn what_the_module_lets_through_brings_the_header_and_none_of_the_clients() -> Shown {
    let own = gated_by_header()?;
    let gateway = own.start()?;
    let address = format!("{}/public/x", gateway.address());
    for forged in [None, Some("x"), Some(SECRET)] {
        let request = Request::bare(&address)?;
        let request = forged
            .into_iter()
            .fold(request, |it, value| it.header(GATE, value));
        assert_eq!(UserAgent::new().send(&request)?.status, 200);
        let received = own.upstream.latest().expect("a request at the upstream");
        assert_eq!(received.all(GATE), [SECRET]);
    }
    UserAgent::new().sign_in(&gateway.address(), "alice")?;
    let received = own.upstream.latest().expect("a request at the upstream");
    assert_eq!(received.all("kubeflow-userid"), ["alice@example.com"]);
    Ok(())
}

#[test]
fn without_the_plugin_nobody_has_the_header() -> Shown {
    for module in [Module::Removed, Module::Unreachable] {
        let mut own = gated_by_header()?;
        own.settings.module = module;
        own.settings.failure_policy = FailurePolicy::FailOpen;
        assert_closed(&own)?;
    }
    Ok(())
}

fn assert_closed(own: &OwnGateway) -> Shown {
    assert_refuses(&own.start()?)?;
    assert!(own.upstream.received().is_empty());
    Ok(())
}

fn assert_refuses(gateway: &Gateway) -> Shown {
    for path in [
        "/",
        "/public/x",
        "/pipeline/apis/v2beta1/runs",
        "/logout",
        FORMS,
    ] {
        for (name, value) in FORGERIES {
            let address = format!("{}{path}", gateway.address());
            let request = Request::bare(&address)?.header(name, value);
            let page = UserAgent::new().send(&request)?;
            assert_eq!(page.status, 403, "{path} {name}: {}", page.text());
        }
    }
    Ok(())
}

/// The bytes of a module with three functions, of which `proxy_on_request_headers` is `unreachable` (WebAssembly Core §5).
fn trap() -> Vec<u8> {
    let export = |name: &str, kind_and_index: [u8; 2]| {
        let length = u8::try_from(name.len()).expect("a short name");
        [&[length], name.as_bytes(), &kind_and_index].concat()
    };
    let exports = [
        vec![4],
        export("memory", [2, 0]),
        export("proxy_abi_version_0_2_1", [0, 0]),
        export("malloc", [0, 1]),
        export("proxy_on_request_headers", [0, 2]),
    ]
    .concat();
    let types = b"\x03\x60\x00\x00\x60\x01\x7f\x01\x7f\x60\x03\x7f\x7f\x7f\x01\x7f";
    let bodies = b"\x03\x02\x00\x0b\x04\x00\x41\x00\x0b\x03\x00\x00\x0b";
    let sections: [(u8, &[u8]); 5] = [
        (1, types),
        (3, b"\x03\x00\x01\x02"),
        (5, b"\x01\x00\x01"),
        (7, &exports),
        (10, bodies),
    ];
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (id, content) in sections {
        module.push(id);
        module.push(u8::try_from(content.len()).expect("a short section"));
        module.extend_from_slice(content);
    }
    module
}
