use crate::absolute_path::AbsolutePath;
use crate::endpoint_url::EndpointUrl;
use crate::refusal::Refusal;

/// Where a browser lands: a path on this gateway, or a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(untagged))]
pub enum ReturnTo {
    /// A path on the host that the browser is on.
    Path(AbsolutePath),
    /// A page elsewhere.
    Url(EndpointUrl),
}

impl ReturnTo {
    /// The path or URL as it was written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Path(path) => path.as_str(),
            Self::Url(url) => url.as_str(),
        }
    }

    /// Reads a path, when it begins with `/`, or a URL; plain http only when `insecure_http`.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str, insecure_http: bool) -> Result<Self, Refusal> {
        if text.starts_with('/') {
            return AbsolutePath::parse(text).map(Self::Path);
        }
        match EndpointUrl::parse(text, insecure_http) {
            Ok(url) => Ok(Self::Url(url)),
            Err(error) => Err(error.refusal(text)),
        }
    }
}
