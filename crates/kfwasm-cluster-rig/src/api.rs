use std::fmt;
use std::path::Path;
use std::sync::Arc;

use http::{Method, Request};
use kfwasm_rig::RigError;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// Who the objects' fields belong to that are applied here (server-side apply).
const MANAGER: &str = "kfwasm-rig";

/// An API server that is asked one thing after the other.
#[derive(Clone)]
pub struct Api {
    client: Client,
    runtime: Arc<Runtime>,
}

/// Why the API server did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The status code; 0 when there was no answer.
    pub status: u16,
    /// Its words.
    pub message: String,
}

impl Api {
    /// Connects as this kubeconfig says.
    ///
    /// # Errors
    /// When the file cannot be used. The server is not asked.
    pub fn connect(kubeconfig: &Path) -> Result<Self, RigError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(RigError::io("start a runtime"))?;
        let client = runtime.block_on(client(kubeconfig))?;
        Ok(Self {
            client,
            runtime: Arc::new(runtime),
        })
    }

    /// What is at this path, as text.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn text(&self, path: &str) -> Result<String, Refused> {
        let request = request(Method::GET, path, "application/json", Vec::new())?;
        let answered = self.runtime.block_on(self.client.request_text(request));
        answered.map_err(Refused::from)
    }

    /// The object or list at this path.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn get(&self, path: &str) -> Result<Value, Refused> {
        self.send(Method::GET, path, "application/json", &Value::Null)
    }

    /// Creates the object in the collection at this path.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn create(&self, path: &str, object: &Value) -> Result<Value, Refused> {
        self.send(Method::POST, path, "application/json", object)
    }

    /// Changes what is at this path (RFC 7386).
    ///
    /// # Errors
    /// [`Refused`]
    pub fn merge(&self, path: &str, patch: &Value) -> Result<Value, Refused> {
        let merge = "application/merge-patch+json";
        self.send(Method::PATCH, path, merge, patch)
    }

    /// Deletes what is at this path.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn delete(&self, path: &str) -> Result<Value, Refused> {
        self.send(Method::DELETE, path, "application/json", &Value::Null)
    }

    /// Makes the object so, by server-side apply. Fields that its definition does not know are refused.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn apply(&self, object: &Value) -> Result<Value, Refused> {
        self.apply_as(MANAGER, object)
    }

    /// The same by another owner of fields. What somebody else owns is left alone, and refused with 409.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn apply_as(&self, manager: &str, object: &Value) -> Result<Value, Refused> {
        let path = self.path_of(object)?;
        let path = format!("{path}?fieldManager={manager}&fieldValidation=Strict");
        self.send(Method::PATCH, &path, "application/apply-patch+yaml", object)
    }

    /// Where this object is.
    ///
    /// # Errors
    /// [`Refused`], when the server does not serve its kind.
    pub fn path_of(&self, object: &Value) -> Result<String, Refused> {
        let text = |pointer| object.pointer(pointer).and_then(Value::as_str);
        let [version, kind, name] =
            ["/apiVersion", "/kind", "/metadata/name"].map(|pointer| text(pointer).unwrap_or(""));
        let root = match version.contains('/') {
            true => format!("/apis/{version}"),
            false => format!("/api/{version}"),
        };
        let (plural, namespaced) = self.resource(&root, kind)?;
        Ok(match text("/metadata/namespace") {
            _ if !namespaced => format!("{root}/{plural}/{name}"),
            namespace => {
                let namespace = namespace.unwrap_or("default");
                format!("{root}/namespaces/{namespace}/{plural}/{name}")
            }
        })
    }

    /// The plural of a kind, and whether it is in namespaces.
    fn resource(&self, root: &str, kind: &str) -> Result<(String, bool), Refused> {
        let served = self.get(root)?;
        let resources = served.get("resources").and_then(Value::as_array);
        let mut resources = resources.into_iter().flatten();
        let found = resources.find(|resource| {
            let name = resource.get("name").and_then(Value::as_str);
            resource.get("kind") == Some(&kind.into()) && name.is_some_and(|n| !n.contains('/'))
        });
        let resource = found.ok_or_else(|| Refused::new(404, format!("no {kind} at {root}")))?;
        let name = resource.get("name").and_then(Value::as_str);
        let namespaced = resource.get("namespaced").and_then(Value::as_bool);
        Ok((
            name.unwrap_or_default().to_owned(),
            namespaced.unwrap_or_default(),
        ))
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        content: &str,
        body: &Value,
    ) -> Result<Value, Refused> {
        let bytes = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let request = request(method, path, content, bytes)?;
        let answered = self.runtime.block_on(self.client.request::<Value>(request));
        answered.map_err(Refused::from)
    }
}

async fn client(kubeconfig: &Path) -> Result<Client, RigError> {
    let unusable = |error: String| RigError::unexpected(kubeconfig.display().to_string(), error);
    let file = Kubeconfig::read_from(kubeconfig).map_err(|error| unusable(error.to_string()))?;
    let config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default())
        .await
        .map_err(|error| unusable(error.to_string()))?;
    Client::try_from(config).map_err(|error| unusable(error.to_string()))
}

fn request(
    method: Method,
    path: &str,
    content: &str,
    body: Vec<u8>,
) -> Result<Request<Vec<u8>>, Refused> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content)
        .body(body)
        .map_err(|error| Refused::new(0, error.to_string()))
}

impl Refused {
    fn new(status: u16, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, message }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.message)
    }
}

impl std::error::Error for Refused {}

impl From<kube::Error> for Refused {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => Self::new(status.code, status.message.clone()),
            other => Self::new(0, other.to_string()),
        }
    }
}

impl From<Refused> for RigError {
    fn from(refused: Refused) -> Self {
        Self::unexpected("the API server", refused.to_string())
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}
