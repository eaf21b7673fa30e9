use crate::duration::Duration;
use crate::path_beginning::PathBeginning;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// Where more is asked of a sign-in than elsewhere: a way to sign in (`acrValues`), or one that is not long ago (`maxAge`).
///
/// A session that does not meet it signs in again for that path, and goes on as it is elsewhere. A program is told what is
/// missing (RFC 9470). A path with several readings is covered by all rules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct StepUpRule {
    /// What the paths that the rule covers begin with, by characters and not by segments; without it, all paths. Where a
    /// route rewrites paths, write the route's own prefix.
    pub prefix: Option<PathBeginning>,
    /// The authentication context classes of which the provider must name one (`acr`), in order of preference; they are
    /// asked for as `acr_values`. At most 16.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub acr_values: Vec<AcrValue>,
    /// How long ago the user may have proved who they are (`auth_time`), asked for as `max_age`; 1m to 365 days.
    pub max_age: Option<Duration>,
}

text_type! {
    /// An authentication context class (OIDC Core §2, `acr`): visible ASCII without quotes and backslashes.
    AcrValue,
    pattern "^[!#-\\[\\]-~]+$",
    longest 255
}

const MOST: usize = 16;
/// In seconds. Shorter, a session would not meet it any more on the way back from the provider.
const SHORTEST: u64 = 60;
const LONGEST: u64 = 365 * 24 * 3600;

impl StepUpRule {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let prefix = object.optional("prefix", &PathBeginning::parse);
        let acr_values = object.list("acrValues", &[], 0..=MOST, &AcrValue::parse);
        let max_age = object.optional("maxAge", &|text| {
            Duration::parse_within(text, SHORTEST..=LONGEST)
        });
        if acr_values.is_empty() && max_age.is_absent() {
            object.refuse_whole("asks for nothing", "write acrValues or maxAge");
        }
        object.finish();
        Some(Self {
            prefix: prefix.into_option(),
            acr_values: acr_values.whole()?,
            max_age: max_age.into_option(),
        })
    }

    /// Whether the rule covers the path; one with several readings is `None`.
    pub fn covers(&self, path: Option<&str>) -> bool {
        match (&self.prefix, path) {
            (Some(prefix), Some(path)) => prefix.covers(path),
            _ => true,
        }
    }
}

impl AcrValue {
    /// Reads a class.
    ///
    /// # Errors
    /// When it is empty, longer than 255 bytes, or has a space, a quote, a backslash, or what is not ASCII.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
        if Self::fits(text) && text.bytes().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not an authentication context class",
            "write what the provider puts into acr, such as phr or urn:mace:incommon:iap:silver",
        ))
    }
}
