/// The gateway that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressGateway {
    /// How many pods it has. They share the ports: the system gives each connection to one of them.
    pub replicas: usize,
    /// Where the pods listen for the Service's port 80.
    pub http_port: u16,
    /// Where the pods listen for the Service's port 443.
    pub https_port: u16,
    /// Names that are this machine to the pods.
    pub local_names: Vec<String>,
    /// The certificate authorities that they trust when they call others, in PEM; the system's when `None`.
    pub authorities: Option<String>,
}
