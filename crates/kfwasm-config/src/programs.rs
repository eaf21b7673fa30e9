use crate::absolute_path::AbsolutePath;
use crate::own_paths::OwnPaths;
use crate::read::object::Object;

/// Signing in programs on a person's own machine, as `kfwasm login` does: by the person's browser and a code that serves once
/// (RFC 8252, RFC 7636).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Programs {
    /// Whether programs can be signed in so.
    #[cfg_attr(feature = "schema", schemars(extend("default" = true)))]
    pub enabled: bool,
    /// The path where the person is asked whether the program may act for them.
    #[cfg_attr(feature = "schema", schemars(extend("default" = AUTHORIZE)))]
    pub authorize_path: AbsolutePath,
    /// The path where the program gets a session for its code.
    #[cfg_attr(feature = "schema", schemars(extend("default" = TOKEN)))]
    pub token_path: AbsolutePath,
}

const AUTHORIZE: &str = "/authservice/programs/authorize";
const TOKEN: &str = "/authservice/programs/token";

impl Programs {
    pub(crate) fn read(mut object: Object<'_>, own: &mut OwnPaths) -> Option<Self> {
        let enabled = object.flag("enabled", true);
        let authorize_path = own.read(&mut object, "authorizePath", AUTHORIZE);
        let token_path = own.read(&mut object, "tokenPath", TOKEN);
        object.finish();
        Some(Self {
            enabled: enabled?,
            authorize_path: authorize_path?,
            token_path: token_path?,
        })
    }
}
