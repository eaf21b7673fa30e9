use kfwasm_config::installation::Backstop;

use crate::cluster::Cluster;
use crate::decider::{Decider, Owner, Place};
use crate::failure::Failure;
use crate::install::Previous;
use crate::object::{Object, ObjectId};
use crate::settings::Settings;

const SECURITY: &str = "security.istio.io/v1beta1";
const NETWORKING: &str = "networking.istio.io/v1alpha3";

/// What of a predecessor has to go from the gateway, in the order in which it goes.
#[derive(Debug, Default)]
pub(crate) struct Removal {
    objects: Vec<Object>,
}

impl Removal {
    /// # Errors
    /// Something has to go that is not a predecessor's alone, or that nothing would stand in for.
    pub(crate) async fn plan(cluster: &Cluster, settings: &Settings) -> Result<Self, Failure> {
        let place = place(cluster, settings).await?;
        let mut deciders = Vec::new();
        for object in candidates(cluster, settings).await? {
            let decider = place.decider(&object);
            deciders.extend(decider.map(|decider| (decider, object)));
        }
        refuse_to_take_from_others(&deciders)?;
        deciders.retain(|(decider, _)| decider.owner == Owner::Predecessor);
        deciders.sort_by_key(|(decider, _)| decider.role);
        let objects = deciders.into_iter().map(|(_, object)| object).collect();
        let removal = Self { objects };
        removal.refuse_to_open(settings)?;
        Ok(removal)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// One line for each object.
    pub(crate) fn summary(&self) -> String {
        let line = |id: ObjectId| format!("  remove    {id}\n");
        self.ids().into_iter().map(line).collect()
    }

    /// Each is kept before it is deleted, so that it can be put back.
    pub(crate) async fn carry_out(
        &self,
        cluster: &Cluster,
        previous: &mut Previous,
    ) -> Result<(), Failure> {
        let ids = self.ids();
        cluster.may(&["create", "delete"], &ids).await?;
        for object in &self.objects {
            previous.add_removed(object);
        }
        previous.keep(cluster).await?;
        for id in &ids {
            cluster.delete(id).await?;
            eprintln!("removed   {id}");
        }
        Ok(())
    }

    fn ids(&self) -> Vec<ObjectId> {
        self.objects.iter().map(Object::id).collect()
    }

    /// A policy that denies whoever has no token may go only where something else denies whoever the filter has not seen.
    fn refuse_to_open(&self, settings: &Settings) -> Result<(), Failure> {
        let is_denial = |object: &&Object| object.text("/spec/action") == "DENY";
        match self.objects.iter().find(is_denial) {
            Some(denial) if settings.installation.backstop == Backstop::None => {
                Err(Failure::usage(
                    format!(
                        "without {} nothing would deny requests if the filter were gone",
                        denial.id()
                    ),
                    "write backstop: envoyFilter into kfwasm.yaml, or header where EnvoyFilter is forbidden",
                ))
            }
            _ => Ok(()),
        }
    }
}

async fn place(cluster: &Cluster, settings: &Settings) -> Result<Place, Failure> {
    let gateway = &settings.installation.gateway;
    let (namespace, name) = (gateway.namespace.as_str(), gateway.deployment.as_str());
    let deployment = ObjectId::of("apps/v1", "Deployment", namespace, name);
    let deployment = cluster.get(&deployment).await?;
    let mesh = cluster
        .get(&ObjectId::of("v1", "ConfigMap", namespace, "istio"))
        .await?;
    Ok(Place::of(
        deployment.as_ref().map(Object::value),
        mesh.as_ref().map(Object::value),
        Some(&settings.installation.plugin.identity),
    ))
}

async fn candidates(cluster: &Cluster, settings: &Settings) -> Result<Vec<Object>, Failure> {
    let namespace = settings.installation.gateway.namespace.as_str();
    let mut objects = Vec::new();
    for (version, kind) in [
        (NETWORKING, "EnvoyFilter"),
        (SECURITY, "AuthorizationPolicy"),
        (SECURITY, "RequestAuthentication"),
    ] {
        objects.extend(cluster.list(version, kind, namespace).await?);
    }
    Ok(objects)
}

/// What protects others too would leave them open, and what it asks for cannot be taken out of it by us.
fn refuse_to_take_from_others(deciders: &[(Decider, Object)]) -> Result<(), Failure> {
    let lines: Vec<String> = deciders
        .iter()
        .filter_map(|(decider, object)| match decider.owner {
            Owner::Shared(reason) => Some(format!("\n  {}: {reason}", object.id())),
            Owner::Predecessor | Owner::Others => None,
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Failure::not_ready(
        format!(
            "what decides at the gateway today is not only there for it; nothing was changed{}",
            lines.concat()
        ),
        "take the gateway out of each by hand (a selector for the others, or without the rules about sign-in), then run the same command again",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decider::{Reason, Role};

    fn decider(name: &str, owner: Owner) -> (Decider, Object) {
        let metadata = json!({ "name": name, "namespace": "istio-system" });
        let object = json!({ "apiVersion": "security.istio.io/v1beta1", "kind": "AuthorizationPolicy", "metadata": metadata });
        let role = Role::DemandsToken;
        (Decider { role, owner }, Object::new(object).unwrap())
    }

    #[test]
    fn what_protects_others_too_is_named_and_nothing_is_removed() {
        let refused = refuse_to_take_from_others(&[
            decider("ours", Owner::Predecessor),
            decider("whole-mesh", Owner::Shared(Reason::EveryWorkload)),
            decider("opa", Owner::Others),
            decider("mixed", Owner::Shared(Reason::OtherRules)),
        ]);
        let said = refused.unwrap_err().to_string();
        for name in [
            "istio-system/whole-mesh: it has no selector",
            "istio-system/mixed: some",
        ] {
            assert!(said.contains(name), "{said}");
        }
        assert!(!said.contains("ours") && !said.contains("opa"), "{said}");
    }

    #[test]
    fn where_everything_is_a_predecessors_alone_it_may_go() {
        let alone = [
            decider("ours", Owner::Predecessor),
            decider("opa", Owner::Others),
        ];
        assert!(refuse_to_take_from_others(&alone).is_ok());
    }
}
