use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::net::IpAddr;
use std::process::{Command, Output};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kfwasm_cluster_rig::{Api, Cluster, own_address};
use kfwasm_rig::{
    Gateway, GatewaySettings, Module, Parts, Rig, RigError, RigSettings, free_port, session_key,
    wait_until,
};
use serde_json::{Value, json};

use crate::canned::Canned;
use crate::kubelet::{PODS, make_pods_ready};
use crate::load_balancer::balance;
use crate::recording::Recording;
use crate::stage::{ISTIO, cluster, gateway};

const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const SECRETS: &str = "/api/v1/namespaces/istio-system/secrets";
pub(super) const CERTIFICATE: &str = "gateway-certificate";
pub(crate) const DEPLOYMENT: &str =
    "/apis/apps/v1/namespaces/istio-system/deployments/istio-ingressgateway";
const GATEWAY: &str =
    "/apis/networking.istio.io/v1beta1/namespaces/kubeflow/gateways/kubeflow-gateway";
const REPLICAS: usize = 3;

/// What the doctor found that is not as it should be: rules and marks.
type Told = Vec<(String, String)>;

/// A whole installation, with a real Envoy at its public host and the metrics of real Envoys in its pods.
pub(super) struct Patient {
    pub(super) cluster: Cluster,
    pub(super) rig: Rig,
    pods: Vec<Canned>,
    /// The metrics of an Envoy with the filter, and of one without.
    metrics: [String; 2],
}

impl Patient {
    pub(super) fn healthy() -> Result<Self, RigError> {
        let cluster = cluster(ISTIO)?;
        let rig = Rig::start(&Parts::from_environment()?, &RigSettings::default())?;
        let metrics = [
            rig.gateway.admin("/stats/prometheus")?,
            without_filter(&rig)?,
        ];
        let ip = own_address()?;
        let pods: Result<_, _> = (0..REPLICAS)
            .map(|_| Canned::start(ip, &metrics[0]))
            .collect();
        let patient = Self {
            cluster,
            rig,
            pods: pods?,
            metrics,
        };
        patient.install()?;
        patient.run_pods(ip)?;
        Ok(patient)
    }

    /// The plugin's configuration as it is installed.
    pub(super) fn plugin(&self) -> Value {
        json!({
            "publicHosts": [self.rig.gateway.authority()],
            "insecureHttp": true,
            "providers": [{
                "issuer": self.rig.provider.issuer(),
                "insecureHttp": true,
                "clientId": self.rig.provider.settings().client_id,
                "clientSecret": { "env": "KFWASM_CLIENT_SECRET" },
            }],
        })
    }

    pub(super) fn environment(&self) -> Result<BTreeMap<String, String>, RigError> {
        let secret = self.rig.provider.settings().client_secret.clone();
        Ok(BTreeMap::from([
            ("KFWASM_CLIENT_SECRET".to_owned(), secret),
            ("KFWASM_SESSION_KEYS".to_owned(), session_key()?),
        ]))
    }

    /// Everything that is not as it should be.
    pub(super) fn told(&self) -> Result<Told, RigError> {
        Ok(told(&self.look(&[])?))
    }

    /// The same, without what could not be checked.
    pub(super) fn complaints(&self) -> Result<Told, RigError> {
        Ok(complaints(self.told()?))
    }

    /// What programs read.
    pub(super) fn look(&self, options: &[&str]) -> Result<Output, RigError> {
        let mut command = Command::new(env::var_os("KFWASM").unwrap());
        command.args(["doctor", "--json"]).args(options);
        let output = command
            .env("KUBECONFIG", self.cluster.kubeconfig())
            .output();
        output.map_err(RigError::io("run kfwasm"))
    }

    /// What a person reads.
    pub(super) fn report(&self) -> Result<String, RigError> {
        let mut command = Command::new(env::var_os("KFWASM").unwrap());
        let command = command.arg("doctor");
        let output = command
            .env("KUBECONFIG", self.cluster.kubeconfig())
            .output();
        let output = output.map_err(RigError::io("run kfwasm"))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A recording in which this patient has the names of a real one.
    pub(super) fn recording(&self) -> Result<Recording, RigError> {
        let list = self.cluster.api().get(PODS)?;
        let pods = list["items"].as_array().into_iter().flatten();
        let mut pods = pods.filter_map(|pod| pod["metadata"]["name"].as_str());
        let of_gateway = |name: &&str| name.starts_with("istio-ingressgateway-");
        let names = pods.find(of_gateway).into_iter();
        let mut names: Vec<_> = names
            .map(|name| (name.to_owned(), "istio-ingressgateway-7c9f8b6d5-x2k4q"))
            .collect();
        names.push((self.rig.provider.issuer(), "https://id.example.com"));
        names.push((self.rig.gateway.authority(), "ml.example.com"));
        names.push(("localhost".to_owned(), "ml.example.com"));
        Ok(Recording::with(names))
    }

    /// Whether the filter runs in the first pod.
    pub(super) fn first_pod_has_filter(&self, has: bool) {
        self.pods[0].answer(&self.metrics[usize::from(!has)], "");
    }

    fn install(&self) -> Result<(), RigError> {
        let api = self.cluster.api();
        gateway(&self.cluster)?;
        api.merge(DEPLOYMENT, &json!({ "spec": { "replicas": REPLICAS } }))?;
        for object in self.built() {
            api.apply_as("kfwasm", &object)?;
        }
        pass_something_through(api)?;
        let environment = self.environment()?;
        let encoded = environment
            .into_iter()
            .map(|(name, value)| (name, encoded(&value)));
        let data: serde_json::Map<String, Value> = encoded.collect();
        api.merge(&format!("{SECRETS}/kfwasm"), &json!({ "data": data }))?;
        api.create(SECRETS, &certificate_secret())?;
        api.apply(&istiod())?;
        balance(&self.cluster, &[json!({ "ip": "127.0.0.1" })])
    }

    fn built(&self) -> Vec<Value> {
        let settings = json!({
            "name": "ml",
            "certificate": { "issuer": "existing", "secretName": CERTIFICATE },
            "module": { "url": "oci://registry.example.com/kfwasm:0.1.0" },
            "istio": "1.31",
            "plugin": self.plugin(),
        });
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), settings.to_string()).unwrap();
        let mut command = Command::new(env::var_os("KFWASM").unwrap());
        let command = command.args(["build", "-o", "yaml", "-f"]).arg(file.path());
        let output = command.output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        serde_saphyr::from_slice_multiple(&output.stdout).unwrap()
    }

    /// As kubelets do, until all of them are new and ready.
    fn run_pods(&self, ip: IpAddr) -> Result<(), RigError> {
        wait_until("the gateway to be rolled out", PATIENCE, || {
            make_pods_ready(self.cluster.api());
            let deployment = self.cluster.api().get(DEPLOYMENT).ok()?;
            let number = |field: &str| deployment["status"][field].as_u64();
            let all = Some(REPLICAS as u64);
            let done = number("updatedReplicas") == all && number("availableReplicas") == all;
            (done && number("replicas") == all).then_some(())
        })?;
        let list = self.cluster.api().get(PODS)?;
        let is_new = |pod: &&Value| {
            pod["metadata"]["deletionTimestamp"].is_null()
                && pod["metadata"]["labels"]["istio"] == "ingressgateway"
        };
        let pods = list["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(is_new);
        for (pod, metrics) in pods.zip(&self.pods) {
            self.show_metrics(pod, ip, metrics)?;
        }
        Ok(())
    }

    fn show_metrics(&self, pod: &Value, ip: IpAddr, metrics: &Canned) -> Result<(), RigError> {
        let path = format!("{PODS}/{}", pod["metadata"]["name"].as_str().unwrap());
        let port = metrics.address().port().to_string();
        let annotations =
            json!({ "prometheus.io/port": port, "prometheus.io/path": "/stats/prometheus" });
        let api = self.cluster.api();
        api.merge(
            &path,
            &json!({ "metadata": { "annotations": annotations } }),
        )?;
        let ip = ip.to_string();
        let status = json!({ "status": { "podIP": ip, "podIPs": [{ "ip": ip }] } });
        api.merge(&format!("{path}/status"), &status)?;
        Ok(())
    }
}

/// The rules of a report whose mark is not good.
pub(crate) fn told(output: &Output) -> Told {
    let complaint = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    assert!(report["findings"].is_array(), "no report: {complaint}");
    let findings = report["findings"].as_array().into_iter().flatten();
    let told = findings.filter(|finding| finding["mark"] != "good");
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    told.map(|finding| (text(finding, "rule"), text(finding, "mark")))
        .collect()
}

/// What a report says with one of these marks, and what to do about it, as people read it.
pub(super) fn in_words(output: &Output, marks: &[&str]) -> String {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let findings = report["findings"].as_array().into_iter().flatten();
    let in_words = |finding: &Value| {
        let text = |field: &str| finding[field].as_str().unwrap().to_owned();
        let [mark, rule, what, advice] = ["mark", "rule", "what", "advice"].map(text);
        let advice = if advice.is_empty() {
            advice
        } else {
            format!("    {advice}\n")
        };
        (mark.clone(), format!("{mark}: {rule}: {what}\n{advice}"))
    };
    let findings = findings.map(in_words);
    let wanted = findings.filter(|(mark, _)| marks.contains(&mark.as_str()));
    wanted.map(|(_, words)| words).collect()
}

pub(super) fn complaints(told: Told) -> Told {
    told.into_iter()
        .filter(|(_, mark)| mark != "unchecked")
        .collect()
}

/// The metrics of a real Envoy that has no filter.
fn without_filter(rig: &Rig) -> Result<String, RigError> {
    let mut settings = GatewaySettings::new(free_port()?, rig.upstream.address(), json!({}));
    settings.module = Module::Removed;
    Gateway::start(&Parts::from_environment()?, settings)?.admin("/stats/prometheus")
}

/// The Gateway has servers for others too: TLS that ends elsewhere, and TLS that ends here for a broker.
fn pass_something_through(api: &Api) -> Result<(), RigError> {
    let server = |port: u16, protocol: &str, tls: Value| {
        let name = format!("{}-{port}", protocol.to_lowercase());
        let port = json!({ "number": port, "name": name, "protocol": protocol });
        json!({ "hosts": ["broker.example.com"], "port": port, "tls": tls })
    };
    let mut servers = vec![
        server(6443, "TLS", json!({ "mode": "PASSTHROUGH" })),
        server(
            9093,
            "TLS",
            json!({ "mode": "SIMPLE", "credentialName": "of-a-broker" }),
        ),
    ];
    let ours = api.get(GATEWAY)?["spec"]["servers"].clone();
    servers.extend(ours.as_array().into_iter().flatten().cloned());
    api.merge(GATEWAY, &json!({ "spec": { "servers": servers } }))?;
    Ok(())
}

fn istiod() -> Value {
    let labels = json!({ "app": "istiod" });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "istiod", "namespace": "istio-system" },
        "spec": {
            "replicas": 0,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "discovery", "image": "docker.io/istio/pilot:1.31.4" }] },
            },
        },
    })
}

fn certificate_secret() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": { "name": CERTIFICATE, "namespace": "istio-system" },
        "data": certificate(&["localhost"], 90),
    })
}

/// A certificate and its key as a Secret has them, valid for so many days from now, and since a month ago.
pub(super) fn certificate(names: &[&str], days: i64) -> Value {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = rcgen::CertificateParams::new(names).unwrap();
    let now = time::OffsetDateTime::now_utc();
    parameters.not_before = now - time::Duration::days(30);
    parameters.not_after = now + time::Duration::days(days);
    let key = rcgen::KeyPair::generate().unwrap();
    let made = parameters.self_signed(&key).unwrap();
    json!({ "tls.crt": encoded(&made.pem()), "tls.key": encoded(&key.serialize_pem()) })
}

pub(super) fn encoded(text: &str) -> Value {
    BASE64_STANDARD.encode(text).into()
}
