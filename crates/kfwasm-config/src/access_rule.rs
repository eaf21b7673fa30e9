use crate::member_name::MemberName;
use crate::path_beginning::PathBeginning;
use crate::read::object::Object;

/// Who may go where: somebody who is one of `users`, or in one of `groups`, or has an address in one of `domains`.
///
/// A request must meet every rule that covers its path. A path with several readings is covered by all rules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct AccessRule {
    /// What the paths that the rule covers begin with, by characters and not by segments; without it, all paths. Where a
    /// route rewrites paths, write the route's own prefix.
    pub prefix: Option<PathBeginning>,
    /// Users who are let in, exactly as Kubeflow knows them, without prefix. At most 1000.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub users: Vec<MemberName>,
    /// Groups whose members are let in, exactly as the provider names them. At most 1000.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub groups: Vec<MemberName>,
    /// Domains whose addresses are let in, in upper or lower case, subdomains not included. At most 1000.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub domains: Vec<MemberName>,
}

const MOST: usize = 1000;

impl AccessRule {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let prefix = object.optional("prefix", &PathBeginning::parse);
        let users = object.list("users", &[], 0..=MOST, &MemberName::parse);
        let groups = object.list("groups", &[], 0..=MOST, &MemberName::parse);
        let domains = object.list("domains", &[], 0..=MOST, &MemberName::parse_domain);
        if users.is_empty() && groups.is_empty() && domains.is_empty() {
            object.refuse_whole(
                "lets nobody in",
                "write at least one of users, groups and domains",
            );
        }
        object.finish();
        Some(Self {
            prefix: prefix.into_option(),
            users: users.whole()?,
            groups: groups.whole()?,
            domains: domains.whole()?,
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
