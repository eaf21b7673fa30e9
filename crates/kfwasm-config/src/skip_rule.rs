use crate::absolute_path::AbsolutePath;
use crate::method::Method;
use crate::own_paths::OwnPaths;
use crate::path_match::PathMatch;
use crate::path_prefix::PathPrefix;
use crate::path_suffix::PathSuffix;
use crate::public_host::PublicHost;
use crate::read::field::Field;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// Requests that need no sign-in: exactly one of `exact`, `prefix` and `suffix`, and optionally
/// hosts and methods.
///
/// The path is compared after normalisation; a path with several readings (encoded slash,
/// backslash, dot segments, double slash, NUL) matches no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct SkipRule {
    /// The paths that need no sign-in.
    #[cfg_attr(feature = "schema", schemars(flatten))]
    pub path: PathMatch,
    /// On which hosts; without it, on all. 1 to 16.
    #[cfg_attr(
        feature = "schema",
        schemars(default, extend("minItems" = 1, "maxItems" = MOST))
    )]
    pub hosts: Vec<PublicHost>,
    /// For which methods; without it, for all. `OPTIONS` alone lets the preflights of CORS pass, and nothing else. 1 to 16.
    #[cfg_attr(
        feature = "schema",
        schemars(default, extend("minItems" = 1, "maxItems" = MOST))
    )]
    pub methods: Vec<Method>,
}

const MOST: usize = 16;

impl SkipRule {
    pub(crate) fn read(mut object: Object<'_>, own: &OwnPaths) -> Option<Self> {
        let path = read_path(&mut object);
        let hosts = object.list("hosts", &[], 1..=MOST, &PublicHost::parse);
        let methods = object.list("methods", &[], 1..=MOST, &Method::parse);
        if let Some(path) = &path {
            refuse_own_path(&mut object, path, own);
        }
        object.finish();
        Some(Self {
            path: path?,
            hosts: hosts.whole()?,
            methods: methods.whole()?,
        })
    }
}

fn read_path(object: &mut Object<'_>) -> Option<PathMatch> {
    let exact = object.optional("exact", &|text| {
        AbsolutePath::parse(text).map(PathMatch::Exact)
    });
    let prefix = object.optional("prefix", &|text| {
        PathPrefix::parse(text).map(PathMatch::Prefix)
    });
    let suffix = object.optional("suffix", &|text| {
        PathSuffix::parse(text).map(PathMatch::Suffix)
    });
    let mut written = Vec::from([exact, prefix, suffix]);
    written.retain(|field| !field.is_absent());
    let last = written.pop();
    if last.is_none() || !written.is_empty() {
        object.refuse_whole(
            "must have one of exact, prefix and suffix",
            "write one of the three; for more paths, write more rules",
        );
        return None;
    }
    last.and_then(Field::into_option)
}

/// A skipped callback could not sign anybody in, and a skipped sign-out could sign nobody out.
fn refuse_own_path(object: &mut Object<'_>, path: &PathMatch, own: &OwnPaths) {
    if let Some(place) = own.place_of(|own| path.covers(own)) {
        let message = [
            "covers the path of ",
            place,
            ", which kfwasm answers itself",
        ]
        .concat();
        let refusal = Refusal {
            message: message.into(),
            advice: "make the rule narrower".into(),
        };
        object.refuse_at(object.path().to_owned(), refusal);
    }
}
