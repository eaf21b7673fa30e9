use crate::absolute_path::AbsolutePath;
use crate::own_paths::OwnPaths;
use crate::provider::name::ProviderName;
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

/// The last segment of the path where a sign-in at one of several providers begins.
const START: &str = "start";

impl Callback {
    /// The path of the redirect URI of a provider that is not the first one on its host.
    pub fn path_of(&self, provider: &ProviderName) -> String {
        [self.path.as_str(), "/", provider.as_str()].concat()
    }

    /// The path where people begin to sign in at a provider that they have chosen.
    pub fn start_path_of(&self, provider: &ProviderName) -> String {
        [&self.path_of(provider), "/", START].concat()
    }

    pub(crate) fn read(
        mut object: Object<'_>,
        providers: &[&ProviderName],
        own: &mut OwnPaths,
    ) -> Option<Self> {
        let path = object.or_default("path", PATH, &AbsolutePath::parse);
        if let Some(path) = &path {
            let place = object.path_of("path");
            own.claim(&mut object, place, path);
            claim_provider_paths(&mut object, path, providers, own);
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

/// With one provider there is nothing to tell apart and nothing to choose.
fn claim_provider_paths(
    object: &mut Object<'_>,
    callback: &AbsolutePath,
    providers: &[&ProviderName],
    own: &mut OwnPaths,
) {
    if providers.len() < 2 {
        return;
    }
    for (index, provider) in providers.iter().enumerate() {
        let is_twin = providers.iter().take(index).any(|it| it == provider);
        if is_twin {
            // Told already.
            continue;
        }
        let path = [callback.as_str(), "/", provider.as_str()].concat();
        for path in [[&path, "/", START].concat(), path] {
            if let Ok(path) = AbsolutePath::parse(&path) {
                own.claim(object, object.path_of("path"), &path);
            }
        }
    }
}
