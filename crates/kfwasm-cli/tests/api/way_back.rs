//! A way back that does not get to its end, or waits in vain.

use serde_json::{Value, json};

use crate::objects;
use crate::operator::Operator;
use crate::server::{CHANGES, World};

const METRICS: &str = "/api/v1/namespaces/istio-system/pods/gateway-0:15020/proxy/stats/prometheus";

const INSTALL: &str = "kfwasm install ml --load-balancer --issuer https://id.example.com --client-id kubeflow --certificate none \
                       --module-url oci://registry.example.com/kfwasm:1 --yes --timeout 1ms";

/// What it has made anew is taken away by the next command, whichever that is.
#[test]
fn a_way_back_that_breaks_off_forgets_nothing() {
    let entry = objects::earlier_entry();
    let previous = objects::previous(&[(&entry, Value::Null)]);
    let gateway = [objects::pod(), objects::deployment(), objects::service()];
    let world = World::with(gateway.into_iter().chain([entry, previous]))
        .saying(METRICS, "envoy_server_uptime{} 7\n")
        .refusing("DELETE", "/wasmplugins/", 500, "not now");
    let mut operator = Operator::at(world).with_directory("none");
    operator.run("kfwasm apply ml --yes --timeout 1ms");
    operator.run("kfwasm uninstall --yes");
    Operator::is_recorded([operator], "way-back-broken-off");
}

/// Pods read it as they start: those that the way back starts would have the one that does not work.
#[test]
fn a_secret_that_does_not_work_is_taken_back_before_pods_read_it() {
    let managed = json!([{ "manager": "kfwasm", "operation": "Apply" }]);
    let kept =
        json!({ "KFWASM_CLIENT_SECRET": "of yesterday", "KFWASM_SESSION_KEYS": objects::KEY });
    let mut secret = objects::secret("kfwasm", kept);
    secret["metadata"]["managedFields"] = managed;
    let previous = objects::previous(&[(&secret, Value::Null)]);
    let gateway = [objects::pod(), objects::deployment(), objects::service()];
    let world = World::with(gateway.into_iter().chain([secret, previous]))
        .saying(METRICS, "envoy_server_uptime{} 7\n");
    let mut operator = Operator::at(world).with_directory("none");

    let taken_back = operator.run("kfwasm apply ml --yes --timeout 1ms");

    let said = String::from_utf8_lossy(&taken_back.stderr);
    let (_, back) = said.split_once("The filter does not decide").unwrap();
    let place = |kind: &str| back.find(&format!("restored  {kind} ")).unwrap();
    assert!(place("Secret") < place("Deployment"), "{said}");
    Operator::is_recorded([operator], "way-back-of-a-secret");
}

/// Nobody is to reach a gateway without the filter at the address that was made for it.
#[test]
fn the_address_that_came_first_goes_with_what_was_made_of_it() {
    let mut service = objects::service();
    service["status"] = json!({ "loadBalancer": { "ingress": [{ "ip": "203.0.113.7" }] } });
    let world = World::with([objects::pod(), objects::deployment(), service]);
    let takes = format!("envoy_listener_manager_listener_modified{{}} {CHANGES}\n");
    let mut operator = Operator::at(world.saying(METRICS, &takes));
    operator.run(INSTALL);
    operator.run("kfwasm uninstall");
    Operator::is_recorded([operator], "way-back-to-no-address");
}

/// Kubeflow was reachable from inside alone: it is not to become public with what decided there.
#[test]
fn a_gateway_whose_pods_do_not_take_the_denial_is_not_made_public() {
    let pods = || World::with([objects::pod(), objects::deployment(), objects::service()]);
    let worlds = [
        pods().saying(METRICS, "envoy_listener_manager_listener_added{} 4\n"),
        pods().refusing("GET", "/proxy/", 500, "error trying to reach service"),
    ];
    let operators = worlds.map(|world| {
        let mut operator = Operator::at(world);
        operator.run(INSTALL);
        operator.run(&format!("{} --dry-run", INSTALL.replace(" --yes", "")));
        operator
    });
    Operator::is_recorded(operators, "way-back-not-closed");
}

#[test]
fn what_is_waited_for_in_vain_on_the_way_back_is_told_at_the_end_of_it() {
    let (entry, mut deployment) = (objects::earlier_entry(), objects::deployment());
    let managed = json!([{ "manager": "kfwasm", "operation": "Apply" }]);
    deployment["metadata"]["managedFields"] = managed;
    let touched = [(&entry, Value::Null), (&deployment, deployment.clone())];
    let previous = objects::previous(&touched);
    let world = World::with([entry.clone(), deployment.clone(), previous]);
    let mut operator = Operator::at(world.falling_silent("/deployments/"));
    operator.run("kfwasm uninstall --yes");
    operator.run("kfwasm uninstall --yes");
    Operator::is_recorded([operator], "way-back-in-vain");
}

/// Whoever may write ConfigMaps beside the gateway reaches no further by an administrator's `kfwasm uninstall`.
#[test]
fn secrets_that_were_made_for_others_elsewhere_are_left() {
    let secret = |namespace: &str, name: &str, annotations: Value| {
        json!({ "apiVersion": "v1", "kind": "Secret",
            "metadata": { "name": name, "namespace": namespace, "annotations": annotations } })
    };
    let issued = || json!({ "cert-manager.io/certificate-name": "theirs" });
    let theirs = secret("others", "theirs", issued());
    let account = secret("others", "kfwasm-acme-account", json!({}));
    let ours = secret("istio-system", "kfwasm-acme-account", json!({}));
    let unmanaged = secret("istio-system", "somebodys", json!({}));
    let secrets = [theirs, account, ours, unmanaged];
    let planted: Vec<_> = secrets.iter().map(|it| (it, Value::Null)).collect();
    let previous = objects::previous(&planted);
    let mut operator = Operator::at(World::with(secrets.into_iter().chain([previous])));
    operator.run("kfwasm uninstall --yes");
    Operator::is_recorded([operator], "way-back-elsewhere");
}

/// The way back is done, and the pods are not what they were.
#[test]
fn pods_that_do_not_come_back_are_told_with_what_they_lack() {
    let mut deployment = objects::deployment();
    let managed = json!([{ "manager": "kfwasm", "operation": "Apply" }]);
    deployment["metadata"]["managedFields"] = managed;
    deployment["status"]["availableReplicas"] = 0.into();
    let previous = objects::previous(&[(&deployment, deployment.clone())]);
    let mut operator = Operator::at(World::with([deployment, previous]));
    operator.run("kfwasm uninstall --yes --timeout 1ms");
    Operator::is_recorded([operator], "way-back-without-pods");
}

/// Given back by a run that ended before it said so; then somebody else has written into it.
#[test]
fn what_is_no_longer_ours_is_no_longer_to_be_restored() {
    let before = objects::earlier_entry();
    let mut live = before.clone();
    live["metadata"]["managedFields"] = json!([{ "manager": "kfwasm", "operation": "Update" }]);
    live["spec"]["hosts"] = json!(["somebodys.example.com"]);
    let previous = objects::previous(&[(&before, before.clone())]);
    let world = World::with([objects::deployment(), objects::service(), live, previous]);
    let world = world.refusing("DELETE", "/envoyfilters/", 500, "not now");
    let mut operator = Operator::at(world).with_directory("none");
    operator.run("kfwasm apply ml --yes --no-verify --timeout 1ms");
    operator.run("kfwasm uninstall --yes");
    Operator::is_recorded([operator], "way-back-of-others");
}
