use std::collections::BTreeMap;

use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::Api;
use kube::api::PostParams;

use super::Cluster;
use super::fault;
use crate::failure::Failure;
use crate::object::ObjectId;

impl Cluster {
    /// Refuses, before anything is changed, when one of these may not be done: all that is missing at once.
    pub(crate) async fn may<'i>(
        &self,
        verbs: &[&str],
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Result<(), Failure> {
        let mut missing: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for id in ids {
            for verb in verbs {
                let attributes = self.attributes(verb, id).await?;
                if self.is_allowed(&attributes, id).await? {
                    continue;
                }
                let denied = missing.entry(what(&attributes)).or_default();
                if !denied.contains(verb) {
                    denied.push(verb);
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let lines = missing
            .iter()
            .map(|(what, verbs)| format!("{} {what}", verbs.join(", ")));
        Err(fault::not_permitted(&lines.collect::<Vec<_>>()))
    }

    async fn attributes(&self, verb: &str, id: &ObjectId) -> Result<ResourceAttributes, Failure> {
        let kind = self.kind(id).await?;
        Ok(ResourceAttributes {
            group: Some(kind.resource.group),
            name: Some(id.name.clone()),
            namespace: id.namespace.clone().filter(|_| kind.namespaced),
            resource: Some(kind.resource.plural),
            verb: Some(verb.to_owned()),
            ..ResourceAttributes::default()
        })
    }

    async fn is_allowed(
        &self,
        attributes: &ResourceAttributes,
        id: &ObjectId,
    ) -> Result<bool, Failure> {
        let review = SelfSubjectAccessReview {
            spec: SelfSubjectAccessReviewSpec {
                resource_attributes: Some(attributes.clone()),
                ..SelfSubjectAccessReviewSpec::default()
            },
            ..SelfSubjectAccessReview::default()
        };
        let api: Api<SelfSubjectAccessReview> = Api::all(self.client.clone());
        let answer = api.create(&PostParams::default(), &review).await;
        let answer = answer.map_err(|error| fault::failure("ask about", id, error))?;
        Ok(answer.status.is_some_and(|status| status.allowed))
    }
}

/// What may not be touched.
fn what(attributes: &ResourceAttributes) -> String {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let resource = text(&attributes.resource);
    let resource = match text(&attributes.group).as_str() {
        "" => resource,
        group => format!("{resource}.{group}"),
    };
    match &attributes.namespace {
        Some(namespace) => format!("{resource} in the namespace {namespace}"),
        None => resource,
    }
}
