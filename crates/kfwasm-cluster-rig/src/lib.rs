//! A real Kubernetes control plane on loopback: etcd, kube-apiserver and kube-controller-manager.
//!
//! [`Cluster`] starts them, waits until they serve, and ends them with its value. [`Api`] asks the API server as
//! `kubectl` would. What the cluster is filled with is the caller's. There are no nodes, but for [`Istio`]: a real istiod,
//! and a node that runs the pods of gateways as real agents with real Envoys.

mod address;
mod api;
mod api_server;
mod authority;
mod cert_manager;
mod cluster;
mod controller_manager;
mod credentials;
mod definitions;
mod etcd;
mod istio;
mod kubeconfig;
mod kubeflow;
mod kubelet;
mod local_names;
mod objects;
mod pebble;
mod programs;
mod unshare;

pub use address::own_address;
pub use api::{Api, Refused};
pub use authority::{Authority, Certified};
pub use cert_manager::CertManager;
pub use cluster::Cluster;
pub use istio::{IngressGateway, Istio, IstioPrograms};
pub use kubeflow::Kubeflow;
pub use local_names::LocalNames;
pub use objects::objects;
pub use pebble::Pebble;
pub use programs::{CrdSources, Programs};
