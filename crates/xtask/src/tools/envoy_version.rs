use clap::ValueEnum;

use super::python_package::pinned_version;

/// A version of Envoy that kfwasm is tested with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvoyVersion {
    #[value(name = "1.36")]
    V1_36,
    #[value(name = "1.37")]
    V1_37,
    #[value(name = "1.38")]
    V1_38,
    #[value(name = "1.39")]
    V1_39,
    #[value(name = "1.40")]
    V1_40,
}

impl EnvoyVersion {
    /// What pip is asked for: the exact version and the digests of its packages.
    pub(super) fn requirements(self) -> &'static str {
        match self {
            Self::V1_36 => include_str!("../../tools/envoy/1.36.txt"),
            Self::V1_37 => include_str!("../../tools/envoy/1.37.txt"),
            Self::V1_38 => include_str!("../../tools/envoy/1.38.txt"),
            Self::V1_39 => include_str!("../../tools/envoy/1.39.txt"),
            Self::V1_40 => include_str!("../../tools/envoy/1.40.txt"),
        }
    }

    /// The exact version, such as 1.40.0.
    pub(crate) fn exact(self) -> &'static str {
        pinned_version(self.requirements())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_pinned_as_it_is_named() {
        for version in EnvoyVersion::value_variants() {
            let name = version.to_possible_value().unwrap().get_name().to_owned();
            assert!(
                version.exact().starts_with(&format!("{name}.")),
                "{name} is pinned to {}",
                version.exact()
            );
            assert!(
                version.requirements().contains("--hash=sha256:"),
                "{name} has no digest"
            );
        }
    }
}
