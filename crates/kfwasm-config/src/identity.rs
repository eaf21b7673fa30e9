use crate::claim_header::{self, ClaimHeader};
use crate::claim_name::ClaimName;
use crate::email_verified::EmailVerified;
use crate::group_filter::GroupFilter;
use crate::header_name::HeaderName;
use crate::read::object::Object;
use crate::refusal::Refusal;
use crate::transformer::Transformer;
use crate::user_info::UserInfoUse;

/// Who Kubeflow is told that the user is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Identity {
    /// The claims that may name the user; the first one that the ID token or the userinfo endpoint
    /// has counts. 1 to 16.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = CLAIMS, "minItems" = 1, "maxItems" = MOST))
    )]
    pub claims: Vec<ClaimName>,
    /// The header that carries the user (Kubeflow's `USERID_HEADER`), stored in lower case.
    #[cfg_attr(feature = "schema", schemars(extend("default" = HEADER)))]
    pub header: HeaderName,
    /// What stands in front of the user in that header (Kubeflow's `USERID_PREFIX`): visible
    /// ASCII, at most 64 bytes.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = "", "pattern" = "^[!-~]*$", "maxLength" = 64))
    )]
    pub prefix: String,
    /// The claim that lists the user's groups.
    #[cfg_attr(feature = "schema", schemars(extend("default" = GROUPS_CLAIM)))]
    pub groups_claim: ClaimName,
    /// The header that carries the groups, stored in lower case.
    #[cfg_attr(feature = "schema", schemars(extend("default" = GROUPS_HEADER)))]
    pub groups_header: HeaderName,
    /// Which groups count; without it, all of them.
    pub group_filter: Option<GroupFilter>,
    /// Further claims that go upstream, each in a header of its own. At most 16.
    #[cfg_attr(
        feature = "schema",
        schemars(default, extend("maxItems" = claim_header::MOST))
    )]
    pub claim_headers: Vec<ClaimHeader>,
    /// Changes to the user's name, made one after the other before it is written in lower case and gets its prefix. At most 16.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub transformers: Vec<Transformer>,
    /// Whether the user is written in lower case: for providers that do not always write an address alike, since Kubeflow
    /// compares it with the owner of a Profile letter by letter.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub lower_case: bool,
    /// Whether an address must be verified to name somebody.
    #[cfg_attr(feature = "schema", schemars(extend("default" = EMAIL_VERIFIED)))]
    pub email_verified: EmailVerified,
    /// When the provider's userinfo endpoint is asked for claims that the ID token has not.
    #[cfg_attr(feature = "schema", schemars(extend("default" = USER_INFO)))]
    pub user_info: UserInfoUse,
}

const CLAIMS: [&str; 3] = ["email", "preferred_username", "upn"];
const HEADER: &str = "kubeflow-userid";
const GROUPS_CLAIM: &str = "groups";
const GROUPS_HEADER: &str = "kubeflow-groups";
const EMAIL_VERIFIED: &str = "notFalse";
const USER_INFO: &str = "whenNeeded";
const MOST: usize = 16;
const LONGEST_PREFIX: usize = 64;

impl Identity {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let claims = object.list("claims", &CLAIMS, 1..=MOST, &ClaimName::parse);
        let header = object.or_default("header", HEADER, &HeaderName::parse);
        let prefix = object.or_default("prefix", "", &parse_prefix);
        let groups_claim = object.or_default("groupsClaim", GROUPS_CLAIM, &ClaimName::parse);
        let groups_header = object.or_default("groupsHeader", GROUPS_HEADER, &HeaderName::parse);
        let group_filter = read_group_filter(&mut object);
        let transformers = read_transformers(&mut object);
        let lower_case = object.flag("lowerCase", false);
        let email_verified =
            object.or_default("emailVerified", EMAIL_VERIFIED, &EmailVerified::parse);
        let user_info = object.or_default("userInfo", USER_INFO, &UserInfoUse::parse);
        let taken = [
            ("identity.header", header.as_ref()),
            ("identity.groupsHeader", groups_header.as_ref()),
        ];
        let claim_headers = claim_header::read_list(&mut object, &taken);
        let twins = |(a, b): (&HeaderName, &HeaderName)| a.reads_as(b);
        if header
            .as_ref()
            .zip(groups_header.as_ref())
            .is_some_and(twins)
        {
            object.refuse(
                "groupsHeader",
                "is the same header as header",
                "choose two headers: the user must not be read as a group",
            );
        }
        object.finish();
        Some(Self {
            claims: claims.whole()?,
            header: header?,
            prefix: prefix?,
            groups_claim: groups_claim?,
            groups_header: groups_header?,
            group_filter: group_filter?,
            claim_headers: claim_headers?,
            transformers: transformers?,
            lower_case: lower_case?,
            email_verified: email_verified?,
            user_info: user_info?,
        })
    }
}

/// A filter that is there without fields keeps those groups alone that access rules name.
fn read_group_filter(object: &mut Object<'_>) -> Option<Option<GroupFilter>> {
    match object.has("groupFilter") {
        true => GroupFilter::read(object.object("groupFilter")).map(Some),
        false => {
            object.knows("groupFilter");
            Some(None)
        }
    }
}

fn read_transformers(object: &mut Object<'_>) -> Option<Vec<Transformer>> {
    let mut transformers = Vec::new();
    for (path, fields) in object.objects("transformers", 0..=MOST) {
        transformers.push(Transformer::read(object.object_at(path, fields)));
    }
    transformers.into_iter().collect()
}

/// A comma would make two groups of one.
pub(crate) fn parse_groups_prefix(text: &str) -> Result<String, Refusal> {
    match text.contains(',') {
        true => Err(Refusal::quoting(
            text,
            "has a comma, which separates groups",
            "write visible ASCII characters without comma, such as partners:",
        )),
        false => parse_prefix(text),
    }
}

pub(crate) fn parse_prefix(text: &str) -> Result<String, Refusal> {
    if text.len() <= LONGEST_PREFIX && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(Refusal::quoting(
        text,
        "cannot stand in front of a user name",
        "write at most 64 visible ASCII characters, such as accounts.google.com:",
    ))
}
