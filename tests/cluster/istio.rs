//! kfwasm with Istio's own control plane: a real istiod, real agents with real Envoys, a real provider, all by TLS.

mod acme;
mod backstop;
mod bodies;
mod from_a_registry;
mod mesh;
mod module_server;
mod moving;
mod replicas;
mod signed_in;
mod to_come;
mod traffic_extension;
mod verified;
mod whole_way;
