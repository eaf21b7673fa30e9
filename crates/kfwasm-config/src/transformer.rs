use crate::name_pattern::NamePattern;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// A change to the user's name: everything that `matches` gives way to `replaces`, as oidc-authservice's
/// `USERID_TRANSFORMERS` have it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Transformer {
    /// The part of the name that is replaced, wherever it stands.
    pub matches: NamePattern,
    /// What stands there then, as it is: printable ASCII, at most 128 bytes.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = "", "pattern" = "^[ -~]*$", "maxLength" = LONGEST))
    )]
    pub replaces: String,
}

const LONGEST: usize = 128;

impl Transformer {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let matches = object.required(
            "matches",
            "write the pattern of what is replaced, such as @example\\.com$",
            &NamePattern::parse,
        );
        let replaces = object.or_default("replaces", "", &parse_replacement);
        object.finish();
        Some(Self {
            matches: matches?,
            replaces: replaces?,
        })
    }

    /// The name with each part that matches replaced.
    pub fn apply(&self, name: &str) -> String {
        self.matches.replace_all(name, &self.replaces)
    }
}

fn parse_replacement(text: &str) -> Result<String, Refusal> {
    if text.len() <= LONGEST && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(text.to_owned());
    }
    Err(Refusal::quoting(
        text,
        "cannot stand in a user name",
        "write at most 128 printable ASCII characters",
    ))
}
