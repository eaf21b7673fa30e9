use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kfwasm_rig::RigError;
use serde_json::{Value, json};

use crate::credentials::write_private;

const NAME: &str = "kfwasm-rig";

/// What a client must know to reach the cluster, as `kubectl` reads it (JSON is YAML).
pub(crate) fn kubeconfig(url: &str, certificate: &[u8], token: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "contexts": [{ "name": NAME, "context": { "cluster": NAME, "user": NAME } }],
        "clusters": [{ "name": NAME, "cluster": {
            "server": url,
            "certificate-authority-data": STANDARD.encode(certificate),
        } }],
        "users": [{ "name": NAME, "user": { "token": token } }],
    })
}

pub(crate) fn write(file: &Path, kubeconfig: &Value) -> Result<(), RigError> {
    write_private(file, &format!("{kubeconfig:#}\n"))
}
