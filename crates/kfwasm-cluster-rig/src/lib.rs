//! A real Kubernetes control plane on loopback: etcd, kube-apiserver and kube-controller-manager.
//!
//! [`Cluster`] starts them, waits until they serve, and ends them with its value. [`Api`] asks the API server as
//! `kubectl` would. There are no nodes; what the cluster is filled with is the caller's.

mod api;
mod api_server;
mod cluster;
mod controller_manager;
mod credentials;
mod etcd;
mod kubeconfig;
mod objects;
mod programs;

pub use api::{Api, Refused};
pub use cluster::Cluster;
pub use objects::objects;
pub use programs::{CrdSources, Programs};
