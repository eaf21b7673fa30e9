use crate::absolute_path::AbsolutePath;
use crate::path_prefix::PathPrefix;
use crate::path_suffix::PathSuffix;

/// Which paths a skip rule covers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase")
)]
pub enum PathMatch {
    /// This path alone.
    Exact(AbsolutePath),
    /// This path and everything below it, by segments: `/public` covers `/public/a`, not
    /// `/publicity`. It has no slash at the end and is not `/`.
    Prefix(PathPrefix),
    /// Every path that ends so. Whoever can choose a path can choose its end: prefer `exact` and
    /// `prefix`.
    Suffix(PathSuffix),
}

impl PathMatch {
    /// Whether the path, which must be normalised, is covered.
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Exact(exact) => path == exact.as_str(),
            Self::Prefix(prefix) => prefix.covers(path),
            Self::Suffix(suffix) => path.ends_with(suffix.as_str()),
        }
    }
}
