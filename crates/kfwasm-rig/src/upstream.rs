//! What stands behind the gateway: a page like Kubeflow's dashboard that shows what arrived.

mod answer;
mod dashboard;
mod received;
mod running;

pub use received::Received;
pub use running::Upstream;
