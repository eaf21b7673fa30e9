//! What kfwasm is built, shown and tested with: fetched on first use into target/tools, pinned by files beside the code.

mod binaryen;
mod cargo_deny;
mod cert_manager;
mod envoy;
mod envoy_version;
mod go;
mod istio;
mod kfp;
mod kubernetes;
mod kustomize;
mod npm;
mod oauth2_proxy;
mod pebble;
mod provider;
mod python_package;
mod registry;
mod wasm_target;

pub(crate) use binaryen::wasm_opt;
pub(crate) use cargo_deny::cargo_deny;
pub(crate) use envoy::envoy;
pub(crate) use envoy_version::EnvoyVersion;
pub(crate) use istio::istio;
pub(crate) use kfp::kfp;
pub(crate) use kubernetes::kubernetes;
pub(crate) use kustomize::kustomize;
pub(crate) use oauth2_proxy::oauth2_proxy;
pub(crate) use pebble::pebble;
pub(crate) use provider::provider;
pub(crate) use registry::registry;
pub(crate) use wasm_target::{WASM_TARGET, wasm_target};
