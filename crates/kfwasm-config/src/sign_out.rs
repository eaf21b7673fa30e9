use crate::absolute_path::AbsolutePath;
use crate::own_paths::OwnPaths;
use crate::read::object::Object;
use crate::return_to::ReturnTo;

/// Signing out: of kfwasm, and of the provider where it has an end session endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct SignOut {
    /// The paths that sign a browser out. At most 16.
    #[cfg_attr(feature = "schema", schemars(extend("default" = PATHS, "maxItems" = MOST)))]
    pub paths: Vec<AbsolutePath>,
    /// The path that the provider's pages load in a frame when somebody signs out there (OpenID Connect Front-Channel
    /// Logout 1.0): register it as the front-channel logout URL.
    #[cfg_attr(feature = "schema", schemars(extend("default" = FRONT_CHANNEL)))]
    pub front_channel_path: AbsolutePath,
    /// The path that the provider itself calls then (OpenID Connect Back-Channel Logout 1.0): register it as the
    /// back-channel logout URI.
    #[cfg_attr(feature = "schema", schemars(extend("default" = BACK_CHANNEL)))]
    pub back_channel_path: AbsolutePath,
    /// Where the browser lands after sign-out: a path here, or a URL. Without it, on a page that
    /// says "signed out". The provider must know the address as a post-logout redirect URI.
    pub return_to: Option<ReturnTo>,
}

const PATHS: [&str; 3] = ["/logout", "/authservice/logout", "/oauth2/sign_out"];
const FRONT_CHANNEL: &str = "/authservice/frontchannel-logout";
const BACK_CHANNEL: &str = "/authservice/backchannel-logout";
const MOST: usize = 16;

impl SignOut {
    pub(crate) fn read(
        mut object: Object<'_>,
        own: &mut OwnPaths,
        insecure_http: bool,
    ) -> Option<Self> {
        let paths = object.list("paths", &PATHS, 0..=MOST, &AbsolutePath::parse);
        for (index, path) in paths.iter() {
            let place = object.path_of_element("paths", index);
            own.claim(&mut object, place, path);
        }
        let front_channel_path = own.read(&mut object, "frontChannelPath", FRONT_CHANNEL);
        let back_channel_path = own.read(&mut object, "backChannelPath", BACK_CHANNEL);
        let return_to = object.optional("returnTo", &|text| ReturnTo::parse(text, insecure_http));
        if let Some(ReturnTo::Path(path)) = return_to.as_ref()
            && own.place_of(|own| own == path.as_str()).is_some()
        {
            object.refuse(
                "returnTo",
                "is a callback or sign-out path",
                "name a page that a browser may land on",
            );
        }
        object.finish();
        Some(Self {
            paths: paths.whole()?,
            front_channel_path: front_channel_path?,
            back_channel_path: back_channel_path?,
            return_to: return_to.into_option(),
        })
    }
}
