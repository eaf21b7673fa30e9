use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::module::{Module, hex};

/// The media type of an image manifest (OCI Image Specification).
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// The layers of a Wasm artifact: a description, and the module. Istio's agent wants both, and reads the second.
const DESCRIPTION: &str = "application/vnd.module.wasm.config.v1+json";
const MODULE: &str = "application/vnd.module.wasm.content.layer.v1+wasm";

/// The module as an OCI artifact. The same module makes the same bytes, and so the same digest.
pub(crate) struct Artifact {
    /// What the manifest names.
    pub(super) blobs: Vec<Vec<u8>>,
    pub(super) manifest: Vec<u8>,
}

impl Artifact {
    pub(crate) fn of(module: &Module) -> Self {
        let (empty, module) = (b"{}".to_vec(), module.bytes().to_vec());
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "artifactType": DESCRIPTION,
            "config": descriptor(EMPTY, &empty),
            "layers": [descriptor(DESCRIPTION, &empty), descriptor(MODULE, &module)],
            "annotations": {
                "org.opencontainers.image.title": "kfwasm",
                "org.opencontainers.image.version": env!("CARGO_PKG_VERSION"),
            },
        });
        Self {
            manifest: manifest.to_string().into_bytes(),
            blobs: vec![empty, module],
        }
    }

    /// The digest of its manifest, by which a gateway can name it.
    pub(crate) fn digest(&self) -> String {
        digest(&self.manifest)
    }
}

fn descriptor(media_type: &str, blob: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": digest(blob), "size": blob.len()})
}

/// `sha256:` and the digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}
