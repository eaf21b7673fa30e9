use crate::cookie_name::CookieName;
use crate::duration::Duration;
use crate::env_name::EnvName;
use crate::read::object::Object;
use crate::revocation::Revocation;

/// How long somebody stays signed in, and the cookie that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Session {
    /// The name of the session cookie. `__Host-` and `__Secure-` names need https.
    #[cfg_attr(feature = "schema", schemars(extend("default" = COOKIE_NAME)))]
    pub cookie_name: CookieName,
    /// The environment variable with the key ring that seals the cookies; the same for all
    /// gateways that share sessions.
    #[cfg_attr(feature = "schema", schemars(extend("default" = { "env": KEYS })))]
    pub keys: EnvName,
    /// After how much time without a request the session ends. Not longer than `absolute`.
    #[cfg_attr(feature = "schema", schemars(extend("default" = IDLE)))]
    pub idle: Duration,
    /// How long after sign-in the session ends in any case.
    #[cfg_attr(feature = "schema", schemars(extend("default" = ABSOLUTE)))]
    pub absolute: Duration,
    /// What becomes of the session when the provider's token expires (`expires_in`, RFC 6749
    /// §5.1).
    #[cfg_attr(feature = "schema", schemars(extend("default" = ON_TOKEN_EXPIRY)))]
    pub on_token_expiry: OnTokenExpiry,
    /// Whether the session is refreshed at the provider before its token expires (OIDC Core §12): groups stay up to
    /// date, and with `onTokenExpiry: end` the session goes on for as long as the provider agrees. Most providers
    /// want `offline_access` among `scopes` for that.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub refresh: bool,
    /// Whether the ID token goes upstream, as `Authorization: Bearer`, in place of any that the client sends: for Istio's
    /// RequestAuthentication behind the filter. The session then ends with that token, and `refresh` replaces it
    /// before. A person whose session has no token, because it is older than this setting, signs in again. Programs that
    /// have the session's cookie alone have no token.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub forward_id_token: bool,
    /// Sessions that end before their time.
    #[cfg_attr(feature = "schema", schemars(extend("default" = {})))]
    pub revocation: Revocation,
}

const COOKIE_NAME: &str = "authservice_session";
const KEYS: &str = "KFWASM_SESSION_KEYS";
const IDLE: &str = "24h";
const ABSOLUTE: &str = "168h";
const ON_TOKEN_EXPIRY: &str = "keep";

choice_type! {
    /// What becomes of a session when the provider's token expires.
    OnTokenExpiry {
        /// It lasts for as long as `idle` and `absolute` say.
        Keep = "keep",
        /// It ends with the token.
        End = "end",
    }
}

/// Of no time at all, a session would be over before it began.
const SHORTEST: u64 = 1;

impl Session {
    pub(crate) fn read(mut object: Object<'_>, insecure_http: bool) -> Option<Self> {
        let lifetime =
            |text: &str| Duration::parse_within(text, SHORTEST..=Duration::LONGEST.as_secs());
        let cookie_name = object.or_default("cookieName", COOKIE_NAME, &CookieName::parse);
        let keys = EnvName::read_or_default(&mut object, "keys", KEYS);
        let idle = object.or_default("idle", IDLE, &lifetime);
        let absolute = object.or_default("absolute", ABSOLUTE, &lifetime);
        let on_token_expiry =
            object.or_default("onTokenExpiry", ON_TOKEN_EXPIRY, &OnTokenExpiry::parse);
        let refresh = object.flag("refresh", false);
        let forward_id_token = object.flag("forwardIdToken", false);
        let revocation = Revocation::read(object.object("revocation"));
        if insecure_http && cookie_name.as_ref().is_some_and(CookieName::demands_https) {
            object.refuse(
                "cookieName",
                "is a name that browsers take over https only, and insecureHttp is true",
                "choose a name without __Host- or __Secure-, or remove insecureHttp",
            );
        }
        if idle > absolute && absolute.is_some() {
            object.refuse(
                "idle",
                "is longer than absolute",
                "make idle shorter, or absolute longer",
            );
        }
        object.finish();
        Some(Self {
            cookie_name: cookie_name?,
            keys: keys?,
            idle: idle?,
            absolute: absolute?,
            on_token_expiry: on_token_expiry?,
            refresh: refresh?,
            forward_id_token: forward_id_token?,
            revocation: revocation?,
        })
    }
}
