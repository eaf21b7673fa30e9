//! The servers of others in Kubeflow's Gateway (decision 042).
//!
//! Their list has one owner: who applies it applies all of it, because its definition names no key of its elements. So what
//! others have there is applied with ours, and stays.

mod server;

use std::fmt;

use serde_json::{Value, json};

use self::server::{
    Family, described, family, is_same, named_apart, port, port_name, stands_in_for,
};
use super::applied::applied;
use super::condition::is_ours;
use crate::deploy;
use crate::object::Object;

const SERVERS: &str = "/spec/servers";

/// Beside what a Gateway was, in memory: the servers that were applied to it.
const APPLIED: &str = "/kfwasmApplied";

/// What is applied to a Gateway that is there: our servers, and those of others that ours do not stand in for, in the order
/// that there is.
pub(super) fn with_those_of_others(wanted: Object, live: &Object) -> Object {
    if !is_gateway(wanted.value()) {
        return wanted;
    }
    let (ours, theirs) = (servers(wanted.value()), servers(live.value()));
    let of_others: Vec<&Value> = theirs.iter().filter(|it| !is_in_place(it, ours)).collect();
    if of_others.is_empty() {
        return wanted;
    }
    let taken: Vec<&str> = of_others.iter().map(|it| port_name(it)).collect();
    let mut left: Vec<&Value> = ours.iter().collect();
    let mut all = Vec::new();
    for server in theirs {
        let ours = left.iter().position(|ours| stands_in_for(ours, server));
        match ours.map(|place| left.remove(place)) {
            Some(ours) => all.push(named_apart(ours, &taken)),
            None if of_others.contains(&server) => all.push(server.clone()),
            // Another of our servers stands in for this one too.
            None => {}
        }
    }
    all.extend(left.into_iter().map(|ours| named_apart(ours, &taken)));
    wanted.with(SERVERS, all)
}

/// What a Gateway was, with the servers that we have applied to it since. By these ours are known where somebody else has
/// the list.
pub(super) fn with_applied(before: Object, ours: &Object) -> Object {
    match is_gateway(ours.value()) {
        true => before.with(APPLIED, servers(ours.value()).to_vec()),
        false => before,
    }
}

/// What it was alone.
pub(super) fn without_applied(before: &Object) -> Object {
    before.clone().without(APPLIED)
}

/// The servers that a Gateway is given back: in the place of ours those from before, and those of others as they are now.
/// Nothing, where it is no Gateway or ours are not among its servers.
pub(super) fn given_back(live: &Value, ours: &Value, before: &Value) -> Option<Vec<Value>> {
    let own = deploy::GATEWAY.object("Gateway")?;
    let own = servers(own.value());
    // Whoever adds a server has the whole list from then on, and ours would stay in it without their certificate.
    let applied = list(before, APPLIED);
    let has_ours = || servers(live).iter().any(|it| is_kfwasms(it, own, applied));
    if !is_gateway(live) || ours.pointer(SERVERS).is_none() && !has_ours() {
        return None;
    }
    let (now, then) = (servers(live), servers(before));
    let kept = then.iter().filter_map(|then| match is_in_place(then, own) {
        true => Some(then),
        false => now.iter().find(|now| is_same(now, then)),
    });
    let is_new = |now: &&Value| !is_in_place(now, own) && !then.iter().any(|it| is_same(it, now));
    Some(kept.chain(now.iter().filter(is_new)).cloned().collect())
}

/// What becomes of the servers that somebody else has in a Gateway.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ServersOfOthers {
    pub(super) stay: Vec<String>,
    /// Ours stand in for them.
    pub(super) go: Vec<String>,
    /// Whether those that go are what is kept of the Gateway, for `kfwasm uninstall`: what it was before us is kept once.
    pub(super) is_given_back: bool,
}

impl fmt::Display for ServersOfOthers {
    /// A line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for server in &self.stay {
            writeln!(f, "    keeps     its server {server}")?;
        }
        let how_long = match self.is_given_back {
            true => " until `kfwasm uninstall`",
            false => ", and `kfwasm uninstall` does not give it back",
        };
        for server in &self.go {
            writeln!(
                f,
                "    drops     its server {server}: kfwasm's stands in for it{how_long}"
            )?;
        }
        Ok(())
    }
}

impl ServersOfOthers {
    /// Where servers are applied to a Gateway whose servers are not ours.
    pub(super) fn of(ours: &Object, before: &Object) -> Self {
        let managed = applied(before);
        let is_applied = |it: &Object| it.get(SERVERS).is_some();
        if !is_gateway(ours.value()) || managed.as_ref().is_some_and(is_applied) {
            return Self::default();
        }
        let own = deploy::GATEWAY.object("Gateway");
        let own = own.as_ref().map_or(&[][..], |it| servers(it.value()));
        let after = servers(ours.value());
        let theirs = servers(before.value()).iter();
        let (stay, go): (Vec<&Value>, Vec<&Value>) = theirs.partition(|it| after.contains(it));
        let stay = stay.into_iter().filter(|it| !is_in_place(it, own));
        let go = go
            .into_iter()
            .filter(|it| !is_shipped(it) && !is_kfwasms(it, own, after));
        Self {
            stay: stay.map(described).collect(),
            go: go.map(described).collect(),
            is_given_back: managed.is_none() && !is_ours(before),
        }
    }
}

/// As Kubeflow's manifests have it: theirs is what it is for that ours stand in for it.
fn is_shipped(server: &Value) -> bool {
    *server
        == json!({ "hosts": ["*"], "port": { "name": "http", "number": 80, "protocol": "HTTP" } })
}

/// As kfwasm makes the one that ends TLS, and with the certificate of the one among those that were applied.
fn is_kfwasms(server: &Value, own: &[Value], applied: &[Value]) -> bool {
    let form = |server: &Value| {
        let mut tls = server.get("tls").cloned().unwrap_or_default();
        let tls_fields = tls.as_object_mut();
        let certificate = tls_fields.and_then(|it| it.remove("credentialName"));
        (
            (port(server), server.get("hosts").cloned(), tls),
            certificate,
        )
    };
    let is_own = own.iter().any(|own| form(own).0 == form(server).0);
    let is_applied = || applied.iter().any(|it| form(it) == form(server));
    family(server) == Family::Tls && is_own && is_applied()
}

fn is_in_place(server: &Value, ours: &[Value]) -> bool {
    ours.iter().any(|ours| stands_in_for(ours, server))
}

fn is_gateway(value: &Value) -> bool {
    value.get("kind") == Some(&"Gateway".into())
}

fn servers(gateway: &Value) -> &[Value] {
    list(gateway, SERVERS)
}

fn list<'a>(gateway: &'a Value, place: &str) -> &'a [Value] {
    let list = gateway.pointer(place).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(number: u64, name: &str, protocol: &str, host: &str) -> Value {
        json!({ "hosts": [host], "port": { "name": name, "number": number, "protocol": protocol } })
    }

    fn gateway(servers: &[Value]) -> Object {
        Object::new(
            json!({ "apiVersion": "networking.istio.io/v1beta1", "kind": "Gateway",
            "metadata": { "name": "kubeflow-gateway" }, "spec": { "servers": servers } }),
        )
        .unwrap()
    }

    fn ours() -> Object {
        gateway(&[
            server(443, "https", "HTTPS", "*"),
            server(80, "http", "HTTP", "*"),
        ])
    }

    /// What is applied where these servers are.
    fn applied_to(live: &[Value]) -> Vec<Value> {
        let all = with_those_of_others(ours(), &gateway(live));
        servers(all.value()).to_vec()
    }

    #[test]
    fn servers_at_other_ports_and_for_other_hosts_stay_where_they_are() {
        let queue = server(9000, "tcp", "TCP", "*");
        let shop = server(443, "shop", "HTTPS", "kubeflow/shop.example.com");
        let shipped = server(80, "http", "HTTP", "*");
        let [https, http] = [&ours(), &ours()].map(|it| servers(it.value()).to_vec());
        let live = [queue.clone(), shipped.clone(), shop.clone()];
        let wanted = [queue, http[1].clone(), shop, https[0].clone()];
        assert_eq!(applied_to(&live), wanted);
        assert_eq!(applied_to(&wanted), wanted, "a second time");
        assert_eq!(applied_to(&[shipped]), servers(ours().value()));
    }

    #[test]
    fn what_istio_serves_beside_ours_stays() {
        let mut queue = server(443, "queue", "TCP", "mq.example.com");
        queue["tls"] = json!({ "mode": "PASSTHROUGH" });
        for theirs in [
            queue,
            server(443, "tls", "tls", "shop.example.com"),
            server(80, "grpc", "GRPC", "shop.example.com"),
            server(80, "h2", "http2", "shop.example.com"),
        ] {
            assert!(applied_to(std::slice::from_ref(&theirs)).contains(&theirs));
        }
    }

    #[test]
    fn ours_stand_in_for_those_at_their_place() {
        for theirs in [
            server(443, "tls", "TLS", "*"),
            server(443, "tls", "HTTPS", "./*"),
            server(443, "odd", "HTTP", "shop.example.com"),
            server(443, "raw", "TCP", "shop.example.com"),
            server(80, "odd", "HTTPS", "shop.example.com"),
            server(80, "raw", "TCP", "shop.example.com"),
            server(80, "db", "MONGO", "shop.example.com"),
        ] {
            assert_eq!(applied_to(&[theirs]), servers(ours().value()));
        }
    }

    #[test]
    fn a_port_of_ours_has_a_name_that_no_other_has() {
        let shop = server(443, "https", "HTTPS", "shop.example.com");
        let names = |all: &[Value]| -> Vec<String> {
            all.iter().map(|it| port_name(it).to_owned()).collect()
        };
        let all = applied_to(std::slice::from_ref(&shop));
        assert_eq!(names(&all), ["https", "https-kfwasm", "http"]);
        assert_eq!(applied_to(&all), all, "a second time");
    }

    #[test]
    fn what_is_no_gateway_is_applied_as_it_is() {
        let service = ours().with("/kind", "Service");
        let live = gateway(&[server(9000, "tcp", "TCP", "*")]);
        assert_eq!(with_those_of_others(service.clone(), &live), service);
        assert_eq!(
            given_back(service.value(), service.value(), live.value()),
            None
        );
    }

    #[test]
    fn servers_of_others_are_given_back_as_they_are_now_and_ours_as_before() {
        let queue = |host: &str| server(9000, "tcp", "TCP", host);
        let (left, new) = (
            server(9001, "old", "TCP", "*"),
            server(9002, "new", "TCP", "*"),
        );
        let shipped = server(80, "http", "HTTP", "*");
        let before = gateway(&[left, shipped.clone(), queue("*")]);
        let mut changed = queue("*");
        changed["tls"] = json!({ "mode": "PASSTHROUGH" });
        let mut live = servers(ours().value()).to_vec();
        live.extend([changed.clone(), new.clone()]);
        let live = gateway(&live);
        assert_eq!(
            given_back(live.value(), live.value(), before.value()),
            Some(vec![shipped, changed, new])
        );
    }

    /// Who has added one owns the list, to the API server.
    #[test]
    fn ours_go_from_a_list_that_is_somebody_elses_since() {
        let (shipped, new) = (
            server(80, "http", "HTTP", "*"),
            server(9000, "new", "TCP", "*"),
        );
        let own = |certificate: &str| {
            let mut servers = servers(deploy::GATEWAY.object("Gateway").unwrap().value()).to_vec();
            servers[0]["tls"]["credentialName"] = certificate.into();
            servers
        };
        let before = gateway(std::slice::from_ref(&shipped));
        let before = with_applied(before, &gateway(&own("another")));
        let back = |certificate: &str| {
            let live = gateway(&[own(certificate), vec![new.clone()]].concat());
            let ours = json!({ "kind": "Gateway", "spec": { "selector": {} } });
            given_back(live.value(), &ours, before.value())
        };
        assert_eq!(back("another"), Some(vec![shipped.clone(), new.clone()]));
        assert_eq!(back("somebodys"), None, "with a certificate of their own");
    }

    #[test]
    fn what_was_not_changed_since_is_given_back_exactly() {
        let before = gateway(&[
            server(9000, "tcp", "TCP", "*"),
            server(80, "http", "HTTP", "*"),
            server(443, "https", "HTTPS", "*"),
            server(443, "shop", "HTTPS", "shop.example.com"),
        ]);
        let live = with_those_of_others(ours(), &before);
        let back = given_back(live.value(), live.value(), before.value());
        assert_eq!(back.unwrap(), servers(before.value()));
    }

    #[test]
    fn where_the_servers_are_not_ours_nothing_is_given_back() {
        let live = gateway(&[server(80, "http", "HTTP", "*")]);
        let ours = json!({ "kind": "Gateway", "spec": { "selector": {} } });
        assert_eq!(given_back(live.value(), &ours, live.value()), None);
    }

    #[test]
    fn what_stays_and_what_goes_is_named_where_it_is_somebody_elses() {
        let before = gateway(&[
            server(80, "http", "HTTP", "*"),
            server(9000, "tcp\u{1b}", "TCP", "mq.example.com"),
            server(443, "tls", "HTTPS", "*"),
        ]);
        let applied = with_those_of_others(ours(), &before);
        let told = ServersOfOthers::of(&applied, &before);
        assert_eq!(told.stay, ["tcp (port 9000, mq.example.com)"]);
        assert_eq!(told.go, ["tls (port 443, *)"]);
        assert_eq!(
            ServersOfOthers::of(&applied, &with_our_field(before, "servers")),
            ServersOfOthers::default()
        );
    }

    /// Of a Gateway that is ours in part, or all ours, what it was before is known, and not kept anew.
    #[test]
    fn what_is_not_given_back_is_not_said_to_be() {
        let before = gateway(&[server(443, "tls", "HTTPS", "*")]);
        let told = |before: Object| {
            let applied = with_those_of_others(ours(), &before);
            ServersOfOthers::of(&applied, &before).to_string()
        };
        assert!(told(before.clone()).ends_with("until `kfwasm uninstall`\n"));
        let part_of = "/metadata/labels/app.kubernetes.io~1part-of";
        for before in [
            with_our_field(before.clone(), "selector"),
            before.with(part_of, "kfwasm"),
        ] {
            assert!(told(before).ends_with("does not give it back\n"));
        }
    }

    /// As the server keeps that kfwasm has applied this field of `spec`.
    fn with_our_field(gateway: Object, field: &str) -> Object {
        let fields = json!({ "f:spec": { format!("f:{field}"): {} } });
        let ours = json!([{ "manager": "kfwasm", "operation": "Apply", "apiVersion": "v1", "fieldsV1": fields }]);
        gateway.with("/metadata/managedFields", ours)
    }
}
