use crate::path_prefix::PathPrefix;
use crate::refusal::Refusal;

/// Every path that begins so, for a rule that restricts: `/app` covers `/app`, `/app/a`, `/app.Service/Get` and `/appadmin`,
/// since a VirtualService's `uri.prefix` sends all of them to one upstream, and its `rewrite` may make `/admin` of
/// `/appadmin`. Without a slash at the end, and never `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(from = "String", into = "String", extend("pattern" = "^/.*[^/]$", "maxLength" = 512))
)]
pub struct PathBeginning(PathPrefix);

impl PathBeginning {
    /// Reads a beginning.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        PathPrefix::parse(text).map(Self)
    }

    /// The checked text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the path, which must be normalised, begins so.
    pub fn covers(&self, path: &str) -> bool {
        path.starts_with(self.as_str())
    }
}
