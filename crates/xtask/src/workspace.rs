//! Where things are in the workspace.

use std::env;
use std::path::{Path, PathBuf};

/// The workspace's root folder: that of this crate's grandparent, wherever `cargo xtask` was typed.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_owned()
}

/// Where cargo builds and where what is fetched is kept.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
