//! What the cluster shows beside single objects.

use http::Request;
use kube::api::ListParams;
use serde_json::Value;

use super::Cluster;
use super::fault::failure;
use crate::failure::Failure;
use crate::object::{Object, ObjectId};

impl Cluster {
    /// The objects of a kind in a namespace; none, where the cluster has no such kind.
    pub(crate) async fn list(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
    ) -> Result<Vec<Object>, Failure> {
        let id = ObjectId {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: Some(namespace.to_owned()),
            name: String::new(),
        };
        if !self.knows(&id).await? {
            return Ok(Vec::new());
        }
        let list = self.api(&id).await?.list(&ListParams::default()).await;
        let list = list.map_err(|error| failure("list", &id, error))?;
        // The items of a list do not say what they are.
        let identified = |mut value: Value| {
            let fields = value.as_object_mut()?;
            fields.insert("apiVersion".to_owned(), api_version.into());
            fields.insert("kind".to_owned(), kind.into());
            Object::new(value)
        };
        let values = list
            .items
            .into_iter()
            .filter_map(|item| serde_json::to_value(item).ok());
        Ok(values.filter_map(identified).collect())
    }

    /// The issuer of the tokens of its service accounts, if it says so.
    pub(crate) async fn issuer(&self) -> Option<String> {
        let document = self.text("/.well-known/openid-configuration").await?;
        let document: Value = serde_json::from_str(&document).ok()?;
        Some(document.get("issuer")?.as_str()?.to_owned())
    }

    /// The keys of that issuer.
    pub(crate) async fn keys(&self) -> Option<String> {
        self.text("/openid/v1/jwks").await
    }

    async fn text(&self, path: &str) -> Option<String> {
        let request = Request::get(path).body(Vec::new()).ok()?;
        self.client.request_text(request).await.ok()
    }
}
