use std::fmt;

use super::{KubernetesName, ModuleUrl, Sha256};
use crate::read::object::Object;
use crate::refusal::Refusal;

/// How the module reaches the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleSource {
    /// As a file, mounted from a ConfigMap.
    ConfigMap,
    /// Istio's agent fetches it.
    Url {
        /// From here.
        url: ModuleUrl,
        /// The digest of what must be there.
        sha256: Option<Sha256>,
        /// The Secret with the registry's credentials.
        pull_secret: Option<KubernetesName>,
    },
}

impl ModuleSource {
    pub(super) fn read(mut object: Object<'_>) -> Option<Self> {
        let url = object.optional("url", &ModuleUrl::parse);
        let sha256 = object.optional("sha256", &Sha256::parse);
        let pull_secret = object.optional("pullSecret", &KubernetesName::parse);
        if url.is_absent() && !(sha256.is_absent() && pull_secret.is_absent()) {
            object.refuse(
                "url",
                "is missing",
                "write where the module is fetched from, or remove sha256 and pullSecret",
            );
        }
        let absent = url.is_absent();
        object.finish();
        if absent {
            return Some(Self::ConfigMap);
        }
        Some(Self::Url {
            url: url.into_option()?,
            sha256: sha256.into_option(),
            pull_secret: pull_secret.into_option(),
        })
    }
}

/// A version of Istio: major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IstioVersion {
    /// Always 1 so far.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

/// What is built for when nothing is said: that of the current Kubeflow.
pub(super) const ISTIO: &str = "1.30";

impl fmt::Display for IstioVersion {
    /// As it is written: `1.30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl IstioVersion {
    /// The oldest that has what is needed.
    pub const OLDEST: Self = Self {
        major: 1,
        minor: 14,
    };
    /// The first whose Envoy's RBAC filter reads the filter state, where the filter leaves its mark.
    pub const FILTER_STATE: Self = Self {
        major: 1,
        minor: 17,
    };
    /// The first whose WasmPlugin says what happens where it fails. Before, it fails closed.
    pub const FAIL_STRATEGY: Self = Self {
        major: 1,
        minor: 19,
    };
    /// The first whose Envoy (1.33) has a matcher that reads the filter state of a request.
    pub const FILTER_STATE_MATCHED: Self = Self {
        major: 1,
        minor: 25,
    };
    /// The first whose WasmPlugin knows `FAIL_RELOAD`.
    pub const FAIL_RELOAD: Self = Self {
        major: 1,
        minor: 27,
    };
    /// The first that knows a TrafficExtension.
    pub const TRAFFIC_EXTENSION: Self = Self {
        major: 1,
        minor: 30,
    };

    /// Reads `1.30`, or `1.30.1`.
    ///
    /// # Errors
    /// When it is no version, or one without what is needed.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut numbers = text.split('.').map(str::parse::<u16>);
        let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
            return Err(Refusal::quoting(
                text,
                "is not a version of Istio",
                "write its first two numbers in quotes, such as \"1.30\"",
            ));
        };
        let version = Self { major, minor };
        if version < Self::OLDEST {
            return Err(Refusal::quoting(
                text,
                "is too old",
                "install Istio 1.14 or newer: the WasmPlugin of older ones lacks what is needed",
            ));
        }
        Ok(version)
    }
}
