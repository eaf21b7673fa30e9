use crate::absolute_path::AbsolutePath;
use crate::own_paths::OwnPaths;
use crate::read::object::Object;

/// Where the provider sends the browser back to after sign-in (the redirect URI, RFC 6749 §3.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Callback {
    /// The path of the redirect URI: `https://<public host><path>` must be registered at the
    /// provider.
    #[cfg_attr(feature = "schema", schemars(extend("default" = PATH)))]
    pub path: AbsolutePath,
    /// Further paths that are answered as a callback, so that an existing registration can be
    /// kept: name the registered path as `path`, the others here. At most 16.
    #[cfg_attr(feature = "schema", schemars(extend("default" = ALIASES, "maxItems" = MOST)))]
    pub aliases: Vec<AbsolutePath>,
}

const PATH: &str = "/authservice/oidc/callback";
const ALIASES: [&str; 2] = ["/login/oidc", "/oauth2/callback"];
const MOST: usize = 16;

impl Callback {
    pub(crate) fn read(mut object: Object<'_>, own: &mut OwnPaths) -> Option<Self> {
        let path = object.or_default("path", PATH, &AbsolutePath::parse);
        if let Some(path) = &path {
            let place = object.path_of("path");
            own.claim(&mut object, place, path);
        }
        let defaults: Vec<&str> = ALIASES
            .into_iter()
            .filter(|alias| path.as_ref().is_none_or(|path| path.as_str() != *alias))
            .collect();
        let aliases = object.list("aliases", &defaults, 0..=MOST, &AbsolutePath::parse);
        for (index, alias) in aliases.iter() {
            let place = object.path_of_element("aliases", index);
            own.claim(&mut object, place, alias);
        }
        object.finish();
        Some(Self {
            path: path?,
            aliases: aliases.whole()?,
        })
    }
}
