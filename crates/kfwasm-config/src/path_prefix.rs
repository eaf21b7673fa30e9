use crate::absolute_path::AbsolutePath;
use crate::refusal::Refusal;

/// A path and everything below it, for a rule that opens: `/public` covers `/public` and `/public/a`, not `/publicity`.
/// Without a slash at the end, and never `/`, which would cover everything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(from = "String", into = "String", extend("pattern" = "^/.*[^/]$", "maxLength" = 512))
)]
pub struct PathPrefix(AbsolutePath);

impl PathPrefix {
    /// Reads a prefix.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text == "/" {
            return Err(Refusal::of(
                "\"/\" covers every path",
                "name the paths that are meant, one by one",
            ));
        }
        let path = AbsolutePath::parse(text)?;
        if text.ends_with('/') {
            return Err(Refusal::quoting(
                text,
                "ends with /",
                "leave the last / out: a prefix covers the path itself and everything below it",
            ));
        }
        Ok(Self(path))
    }

    /// The checked text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the prefix covers the path, which must be normalised, segment by segment.
    pub fn covers(&self, path: &str) -> bool {
        match path.strip_prefix(self.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }
}
