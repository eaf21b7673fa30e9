/// Whether a host is a name that only the cluster knows: a Service's by itself, or as far as `svc`, with or without the
/// cluster's domain (`dex`, `dex.auth.svc`, `dex.auth.svc.cluster.local`).
///
/// `SERVICE.NAMESPACE` looks like any other name of two labels, and is taken for one of those.
pub fn is_in_cluster(host: &str) -> bool {
    if host.starts_with('[') {
        return false;
    }
    let mut labels = host.split('.').skip(1);
    match (labels.next(), labels.next()) {
        (None, _) => true,
        (Some(_), third) => third == Some("svc"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_in_cluster;

    #[test]
    fn services_are_known_in_the_cluster_alone() {
        for host in [
            "dex",
            "dex.auth.svc",
            "dex.auth.svc.cluster.local",
            "dex.auth.svc.k8s.example.com",
        ] {
            assert!(is_in_cluster(host), "{host}");
        }
        for host in [
            "example.com",
            "id.example.com",
            "svc.example.com",
            "dex.auth",
            "127.0.0.1",
            "[::1]",
        ] {
            assert!(!is_in_cluster(host), "{host}");
        }
    }
}
