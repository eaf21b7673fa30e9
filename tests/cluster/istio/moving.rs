//! An installation that leaves a gateway to which routes still lead, and comes back, while somebody knocks.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use kfwasm_cluster_rig::Kubeflow;
use kfwasm_rig::{Request, RigError, UserAgent, wait_until};
use serde_json::{Value, json};

use super::backstop::nothing_but_hers_arrived;
use super::mesh::Mesh;
use super::signed_in::{alice_signs_in, there};
use crate::installing::said;
use crate::stage::Shown;

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn nobody_gets_in_where_the_filter_has_left_and_she_does_when_it_is_back() -> Shown {
    let mesh = Mesh::with_replicas(1)?;
    mesh.cluster.api().apply_as("kubeflow", &with_tls())?;
    let before = there(&mesh)?;
    let shown = mesh.install(&["--dry-run"]);
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    // The Gateway is Kubeflow's own, and does not move.
    changed(&mesh, ("issuer: existing", "issuer: none"), &[]);
    let mut browser = alice_signs_in(&mesh)?;
    let page = format!("https://{}/pipeline/", mesh.public_host());
    let mut answers_her = |status: u16| {
        wait_until("another answer", PATIENCE, || {
            let asked = Request::navigation(&page).and_then(|it| browser.send(&it));
            (asked.ok()?.status == status).then_some(())
        })
    };
    let stranger = Stranger::at(&mesh)?;

    let elsewhere = ("label: ingressgateway", "label: elsewhere");
    changed(&mesh, elsewhere, &["--no-verify"]);
    answers_her(403)?;
    changed(&mesh, (elsewhere.1, elsewhere.0), &[]);
    answers_her(200)?;

    assert_eq!(stranger.end(), BTreeSet::from([401, 403]));
    nothing_but_hers_arrived(&mesh);
    let gone = mesh.kfwasm(&["uninstall", "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(there(&mesh)?, before);
    Ok(())
}

/// Kubeflow's Gateway, by an administrator to whom TLS is older than kfwasm.
fn with_tls() -> Value {
    let port = json!({ "name": "https", "number": 443, "protocol": "HTTPS" });
    let tls = json!({ "mode": "SIMPLE", "credentialName": Kubeflow::CERTIFICATE });
    let servers = json!([{ "hosts": ["*"], "port": port, "tls": tls }]);
    json!({
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "Gateway",
        "metadata": { "name": "kubeflow-gateway", "namespace": "kubeflow" },
        "spec": { "selector": { "istio": "ingressgateway" }, "servers": servers },
    })
}

fn changed(mesh: &Mesh, (from, to): (&str, &str), options: &[&str]) {
    mesh.edit(from, to);
    let built = mesh.kfwasm(&["build", "ml"]);
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    let secret = ["--secret", "KFWASM_CLIENT_SECRET=secret"];
    let applied = mesh.kfwasm(&[&["apply", "ml", "--yes"], &secret[..], options].concat());
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
}

/// Who asks again and again as somebody else, each time on a connection of its own.
struct Stranger {
    is_over: Arc<AtomicBool>,
    asking: JoinHandle<BTreeSet<u16>>,
}

impl Stranger {
    fn at(mesh: &Mesh) -> Result<Self, RigError> {
        let address = format!("https://{}/pipeline/apis", mesh.public_host());
        let forged = Request::fetch(&address)?.header("kubeflow-userid", "root@example.com");
        let authority = mesh.authority.pem();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let ask = move || {
            UserAgent::trusting(&authority)?
                .send(&forged)
                .map(|it| it.status)
        };
        let asking = thread::spawn(move || {
            let asked = std::iter::from_fn(|| (!over.load(Ordering::Relaxed)).then(&ask));
            asked.filter_map(Result::ok).collect()
        });
        Ok(Self { is_over, asking })
    }

    /// Everything that was answered.
    fn end(self) -> BTreeSet<u16> {
        self.is_over.store(true, Ordering::Relaxed);
        self.asking.join().unwrap()
    }
}
