//! The very files of `deploy/`, carried in the program.

use crate::object::Object;
use crate::yaml;

/// A file of `deploy/`.
#[derive(Clone, Copy)]
pub(crate) struct DeployFile {
    text: &'static str,
}

macro_rules! files {
    ($($name:ident = $path:literal,)+) => {
        $(pub(crate) const $name: DeployFile = DeployFile {
            text: include_str!(concat!("../../../deploy/", $path)),
        };)+
        #[cfg(test)]
        const PATHS: &[(&str, DeployFile)] = &[$(($path, $name),)+];
    };
}

files! {
    SECRET = "base/secret.yaml",
    GATEWAY_ENV = "base/gateway-env.yaml",
    GATEWAY_MOUNT = "components/module-configmap/gateway-mount.yaml",
    GATEWAY = "base/gateway.yaml",
    WASM_PLUGIN = "base/wasmplugin.yaml",
    TRAFFIC_EXTENSION = "components/traffic-extension/trafficextension.yaml",
    BACKSTOP = "base/backstop.yaml",
    BACKSTOP_OLDER_ISTIO = "components/older-istio/backstop.yaml",
    BACKSTOP_HEADER = "components/backstop-header/backstop.yaml",
    BACKSTOP_JWT = "components/backstop-jwt/backstop.yaml",
    CERTIFICATE_SELF_SIGNED = "components/certificate-self-signed/certificate.yaml",
    CERTIFICATE_ACME = "components/certificate-acme/certificate.yaml",
    EGRESS = "components/egress-entra/egress.yaml",
    NETWORK_POLICY = "components/network-policy/networkpolicy.yaml",
    SERVICE = "components/load-balancer/service.yaml",
}

impl DeployFile {
    /// The comment at its top, without the marks.
    pub(crate) fn comment(self) -> Vec<&'static str> {
        let lines = self.text.lines().map_while(|line| line.strip_prefix('#'));
        lines.map(str::trim).collect()
    }

    /// The objects in it. A test shows that every file can be read.
    pub(crate) fn objects(self) -> Vec<Object> {
        let documents = yaml::documents(self.text).unwrap_or_default();
        documents.into_iter().filter_map(Object::new).collect()
    }

    /// The first object of that kind in it.
    pub(crate) fn object(self, kind: &str) -> Option<Object> {
        self.objects()
            .into_iter()
            .find(|object| object.text("/kind") == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_comment_and_only_objects() {
        for (path, file) in PATHS {
            assert!(
                !file.comment().is_empty(),
                "{path} says nothing about itself"
            );
            let documents = yaml::documents(file.text).unwrap();
            assert_eq!(file.objects().len(), documents.len(), "{path}");
        }
    }
}
