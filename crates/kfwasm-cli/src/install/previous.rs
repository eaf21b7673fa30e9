//! What was there before us, kept in the cluster so that `kfwasm uninstall` can restore it.

mod entries;

use serde_json::json;

use self::entries::read;
use super::backstop;
use super::condition::{cleaned, is_ours};
use super::demand;
use super::plan::Plan;
use super::step::Step;
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

const NAME: &str = "kfwasm-previous";
const FIELD: &str = "objects.json";
const INSTALLATION: &str = "installation";

/// What we have touched, in the order in which we have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Previous {
    namespace: String,
    /// What the installation is called that has touched them (`name` of kfwasm.yaml); empty before the first.
    installation: String,
    pub(super) touched: Vec<Touched>,
}

/// An object that we have touched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Touched {
    pub(super) id: ObjectId,
    /// As it was. Nothing, when there was none.
    pub(super) before: Option<Object>,
    /// What we have applied to it. Nothing, when we have removed it.
    pub(super) ours: Option<Object>,
}

impl Touched {
    /// What becomes of it when kfwasm goes.
    fn fate(&self) -> &'static str {
        match self.before {
            Some(_) => "restore",
            None => "delete",
        }
    }
}

impl Previous {
    /// What is kept in that namespace; empty when nothing is installed.
    pub(crate) async fn read(cluster: &Cluster, namespace: &str) -> Result<Self, Failure> {
        let mut previous = Self {
            namespace: namespace.to_owned(),
            ..Self::default()
        };
        if let Some(kept) = cluster.get(&previous.id()).await? {
            previous.touched = read(&kept).ok_or_else(unreadable)?;
            previous.installation = kept.text(&format!("/data/{INSTALLATION}")).to_owned();
        }
        Ok(previous)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    /// Whether there is no more yet than the Service, whose address the rest is made of, and what denies everything at it.
    pub(crate) fn has_only_begun(&self) -> bool {
        let begins = |id: &ObjectId| id.kind == "Service" || id.name == backstop::NAME;
        !self.is_empty() && self.touched.iter().all(|it| begins(&it.id))
    }

    /// What we have touched, in the order in which it goes. Nobody is to come in from outside when the filter has gone, and
    /// the filter is to have no way to the provider without TLS, in whichever order they were made.
    pub(super) fn way_back(&self) -> Vec<&Touched> {
        let mut touched: Vec<&Touched> = self.touched.iter().rev().collect();
        touched.sort_by_key(|it| match it.id.kind.as_str() {
            "Service" => 0,
            "ServiceEntry" => 2,
            "DestinationRule" => 3,
            _ => 1,
        });
        touched
    }

    /// Whether an installation of this name has only begun.
    pub(crate) fn has_begun_as(&self, installation: &str) -> bool {
        self.has_only_begun() && self.installation == installation
    }

    /// One line for each object, and what becomes of it.
    pub(crate) fn summary(&self) -> String {
        let line = |touched: &Touched| format!("  {:<9} {}\n", touched.fate(), touched.id);
        self.touched.iter().map(line).collect()
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Where it is kept.
    pub(crate) fn id(&self) -> ObjectId {
        ObjectId::of("v1", "ConfigMap", &self.namespace, NAME)
    }

    /// Adds what a plan will touch. What is known already stays: it is older.
    pub(crate) async fn add(&mut self, cluster: &Cluster, plan: &Plan) -> Result<(), Failure> {
        for step in &plan.steps {
            if step.is_stale() || !step.is_change() {
                continue;
            }
            if let Some(secret) = secret_of(&step.ours) {
                let before = cluster.get(&secret).await?;
                self.touch(secret, before, None);
            }
            self.touch_by(step);
        }
        Ok(())
    }

    /// Says whose it is, unless that is known already.
    pub(crate) fn name(&mut self, installation: &str) {
        if self.installation.is_empty() {
            installation.clone_into(&mut self.installation);
        }
    }

    /// What the installation is called; empty before the first, and where it was made before names were kept.
    pub(crate) fn installation(&self) -> &str {
        &self.installation
    }

    /// Whether nothing says that it is another installation's.
    pub(crate) fn is_of(&self, installation: &str) -> bool {
        self.installation.is_empty() || self.installation == installation
    }

    /// What we have applied and is not among these, whatever version of its kind they are of. Secrets stay: what is in them
    /// cannot be made anew.
    pub(super) fn unwanted(&self, wanted: &[ObjectId]) -> impl Iterator<Item = &Touched> {
        let is_wanted = |id: &ObjectId| wanted.iter().any(|wanted| wanted.is_same(id));
        let applied = self.touched.iter().filter(|it| it.ours.is_some());
        applied.filter(move |it| !is_wanted(&it.id))
    }

    /// Forgets what is no longer there, or no longer ours.
    pub(crate) fn forget(&mut self, ids: &[ObjectId]) {
        let is_gone = |id: &ObjectId| ids.iter().any(|gone| gone.is_same(id));
        self.touched.retain(|touched| !is_gone(&touched.id));
    }

    /// Adds an object that is about to be removed.
    pub(crate) fn add_removed(&mut self, object: &Object) {
        self.touch(object.id(), Some(object.clone()), None);
    }

    /// Keeps it in the cluster.
    pub(crate) async fn keep(&self, cluster: &Cluster) -> Result<(), Failure> {
        let force = Applying {
            dry_run: false,
            force: true,
        };
        match cluster.apply(&self.object()?, force).await {
            Ok(_) => Ok(()),
            Err(Refused::Failed(failure)) => Err(failure),
            Err(Refused::Conflicts(_)) => Err(unreadable()),
        }
    }

    fn touch_by(&mut self, step: &Step) {
        let before = step.before.clone().filter(|before| !is_ours(before));
        let ours = (step.ours.text("/kind") != "Secret").then(|| step.ours.clone());
        let ours = ours.map(|ours| ours.without("/binaryData"));
        let ours = ours.map(|ours| match demand::is_demand(&ours) {
            true => demand::demanding(ours, ""),
            false => ours,
        });
        self.touch(step.ours.id(), before, ours);
    }

    fn touch(&mut self, id: ObjectId, before: Option<Object>, ours: Option<Object>) {
        if let Some(known) = self.touched.iter_mut().find(|it| it.id == id) {
            // Whose a server is, is told by what was applied last.
            if id.kind == "Gateway" && ours.is_some() {
                known.ours = ours;
            }
            return;
        }
        // A Secret's content is not copied to where more people may read.
        let before = before.map(|before| match id.kind.as_str() {
            "Secret" => cleaned(&before).without("/data"),
            _ => cleaned(&before),
        });
        self.touched.push(Touched { id, before, ours });
    }

    fn object(&self) -> Result<Object, Failure> {
        let object = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": NAME, "namespace": self.namespace, "labels": {"app.kubernetes.io/part-of": "kfwasm"}},
            "data": {FIELD: entries::written(&self.touched), INSTALLATION: self.installation},
        });
        Object::new(object).ok_or_else(unreadable)
    }
}

/// The Secret that cert-manager makes for a Certificate, or for an account at an ACME authority, and does not delete with it
/// unless it is told to.
pub(super) fn secret_of(wanted: &Object) -> Option<ObjectId> {
    let name = match wanted.text("/kind") {
        "Certificate" => wanted.text("/spec/secretName"),
        "Issuer" => wanted.text("/spec/acme/privateKeySecretRef/name"),
        _ => "",
    };
    (!name.is_empty()).then(|| ObjectId {
        api_version: "v1".to_owned(),
        kind: "Secret".to_owned(),
        namespace: wanted.id().namespace,
        name: name.to_owned(),
    })
}

fn unreadable() -> Failure {
    Failure::failed(
        format!("the ConfigMap {NAME}, which says what was there before kfwasm, cannot be read"),
        "restore it from a backup; without it, delete the objects labelled app.kubernetes.io/part-of=kfwasm by hand",
    )
}

#[cfg(test)]
mod tests {
    use super::super::gateway_servers;
    use super::*;

    fn object(kind: &str, name: &str) -> Object {
        Object::new(json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "n", "uid": "u"},
            "data": {"a": "b"}}))
        .unwrap()
    }

    #[test]
    fn what_is_kept_is_read_back_the_same() {
        let mut previous = Previous::default();
        previous.touch(
            object("Service", "s").id(),
            Some(object("Service", "s")),
            None,
        );
        previous.touch(
            object("ConfigMap", "c").id(),
            None,
            Some(object("ConfigMap", "c")),
        );
        assert_eq!(read(&previous.object().unwrap()), Some(previous.touched));
    }

    #[test]
    fn of_a_gateway_the_first_that_was_there_is_kept_and_the_last_that_was_applied() {
        let gateway = |host: &str| {
            let servers = json!([{ "hosts": [host] }]);
            object("Gateway", "g").with("/spec/servers", servers)
        };
        let mut previous = Previous::default();
        for (before, ours) in [("theirs", "ours"), ("since", "renewed")] {
            previous.touch(
                gateway(before).id(),
                Some(gateway(before)),
                Some(gateway(ours)),
            );
        }
        let kept = previous.object().unwrap();
        previous.touched = read(&kept).unwrap();
        let [touched] = &previous.touched[..] else {
            panic!("{previous:?}")
        };
        assert_eq!(touched.ours, Some(gateway("renewed")));
        let before = touched.before.as_ref().unwrap();
        let was = cleaned(&gateway("theirs"));
        assert_eq!(gateway_servers::without_applied(before), was);
        assert_eq!(
            *before,
            gateway_servers::with_applied(was, &gateway("renewed"))
        );
        assert_eq!(previous.object().unwrap(), kept, "kept without them");
    }

    #[test]
    fn the_first_that_is_known_of_an_object_stays() {
        let mut previous = Previous::default();
        previous.touch(object("Service", "s").id(), None, None);
        previous.touch(
            object("Service", "s").id(),
            Some(object("Service", "s")),
            None,
        );
        assert_eq!(previous.touched.len(), 1);
        assert_eq!(previous.touched[0].before, None);
    }

    #[test]
    fn an_entry_that_means_another_object_than_it_says_is_unreadable() {
        let mut previous = Previous::default();
        let (service, other) = (object("Service", "s"), object("Service", "other"));
        previous.touch(service.id(), Some(other), None);
        assert_eq!(read(&previous.object().unwrap()), None);
    }

    #[test]
    fn what_we_have_applied_and_want_no_longer_is_found_and_forgotten() {
        let mut previous = Previous::default();
        let (service, map, secret) = (
            object("Service", "s"),
            object("ConfigMap", "c"),
            object("Secret", "k"),
        );
        previous.touch(service.id(), None, Some(service.clone()));
        previous.touch(map.id(), None, Some(map.clone()));
        previous.touch(secret.id(), None, None);
        let newer = service.with("/apiVersion", "v2").id();
        let unwanted: Vec<_> = previous
            .unwanted(&[newer])
            .map(|it| it.id.clone())
            .collect();
        assert_eq!(unwanted, [map.id()]);
        previous.forget(&unwanted);
        assert_eq!(previous.touched.len(), 2);
    }

    #[test]
    fn the_first_installation_keeps_its_name() {
        let mut previous = Previous::default();
        assert!(previous.is_of("ml"));
        previous.name("ml");
        previous.name("other");
        assert!(previous.is_of("ml") && !previous.is_of("other"));
    }

    #[test]
    fn what_becomes_of_each_object_is_told() {
        let mut previous = Previous::default();
        let (service, map) = (object("Service", "s"), object("ConfigMap", "c"));
        previous.touch(service.id(), Some(service.clone()), Some(service));
        previous.touch(map.id(), None, Some(map));
        assert_eq!(
            previous.summary(),
            "  restore   Service n/s\n  delete    ConfigMap n/c\n"
        );
    }

    /// An installation of before may have made the entry first, and a new provider's after the filter.
    #[test]
    fn on_the_way_back_the_provider_is_reached_with_tls_or_not_at_all() {
        let made = [
            "DestinationRule",
            "ServiceEntry",
            "Service",
            "WasmPlugin",
            "ServiceEntry",
            "DestinationRule",
        ];
        let mut previous = Previous::default();
        for (number, kind) in made.iter().enumerate() {
            previous.touch(object(kind, &number.to_string()).id(), None, None);
        }
        let back = previous.way_back();
        let kinds: Vec<&str> = back.iter().map(|it| it.id.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "Service",
                "WasmPlugin",
                "ServiceEntry",
                "ServiceEntry",
                "DestinationRule",
                "DestinationRule"
            ]
        );
    }

    #[test]
    fn the_content_of_secrets_is_not_kept() {
        let mut previous = Previous::default();
        previous.touch(
            object("Secret", "s").id(),
            Some(object("Secret", "s")),
            None,
        );
        let kept = previous.object().unwrap();
        assert!(!kept.value().to_string().contains(r#"\"a\""#), "{kept:?}");
    }
}
