use std::borrow::Cow;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

/// What `cargo xtask build` put into this program; empty when it was compiled by itself.
const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kfwasm.wasm"));

/// What every Wasm module begins with (WebAssembly Core §5.5.16).
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
/// What fits into a ConfigMap, which holds at most 1 MiB, base64 not counted.
const LARGEST: usize = 1_000_000;

/// The filter, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Module(Cow<'static, [u8]>);

impl Module {
    /// The module in that file, or the one that this program carries.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self, Failure> {
        match file {
            Some(file) => Self::read(file),
            None if EMBEDDED.is_empty() => Err(Failure::failed(
                "this kfwasm carries no module",
                "make one that does by `cargo xtask cli`, name a file with --module, or write module.url into kfwasm.yaml",
            )),
            None => Ok(Self(Cow::Borrowed(EMBEDDED))),
        }
    }

    /// The module in that file.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let bytes = fs::read(file).map_err(|error| {
            Failure::usage(
                format!("{}: {error}", file.display()),
                "name the file of the module",
            )
        })?;
        let refuse = |what: &str, advice: &str| {
            Err(Failure::usage(format!("{} {what}", file.display()), advice))
        };
        if !bytes.starts_with(MAGIC) {
            return refuse(
                "is not a Wasm module",
                "name the file kfwasm.wasm of a release or of `cargo xtask build`",
            );
        }
        if bytes.len() > LARGEST {
            return refuse(
                "does not fit into a ConfigMap",
                "`kfwasm push` it, and give --module-url or write module.url into kfwasm.yaml",
            );
        }
        Ok(Self(Cow::Owned(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its SHA-256 digest in hexadecimal digits.
    pub(crate) fn sha256(&self) -> String {
        sha256_of_bytes(&self.0)
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 digest of a text in hexadecimal digits.
pub(crate) fn sha256_of(text: &str) -> String {
    sha256_of_bytes(text.as_bytes())
}

/// The same of bytes.
pub(crate) fn sha256_of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
