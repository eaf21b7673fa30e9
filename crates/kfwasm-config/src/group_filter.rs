use crate::access_rule::AccessRule;
use crate::member_name::MemberName;
use crate::name_pattern::NamePattern;
use crate::read::object::Object;

/// Which groups of a user count. The others are forgotten at sign-in, so that people in many groups fit into a cookie, and
/// headers stay short.
///
/// Groups that an access rule names count always.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct GroupFilter {
    /// Groups that count, exactly as the provider names them. At most 1000.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub names: Vec<MemberName>,
    /// Patterns of groups that count, such as `^kubeflow-`. At most 16.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST_PATTERNS)))]
    pub patterns: Vec<NamePattern>,
}

const MOST: usize = 1000;
const MOST_PATTERNS: usize = 16;
/// Longest name in bytes that is compared with patterns, as long as one can be that is written out.
const LONGEST: usize = 256;

impl GroupFilter {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let names = object.list("names", &[], 0..=MOST, &MemberName::parse);
        let patterns = object.list("patterns", &[], 0..=MOST_PATTERNS, &NamePattern::parse);
        object.finish();
        Some(Self {
            names: names.whole()?,
            patterns: patterns.whole()?,
        })
    }

    /// Lets the groups count that the rules name.
    pub(crate) fn keep_named_by(&mut self, rules: &[AccessRule]) {
        let groups = rules.iter().flat_map(|rule| &rule.groups);
        self.names.extend(groups.cloned());
    }

    /// Whether the group counts.
    pub fn keeps(&self, group: &str) -> bool {
        self.names.iter().any(|it| it.as_str() == group)
            || group.len() <= LONGEST && self.patterns.iter().any(|it| it.matches(group))
    }
}
