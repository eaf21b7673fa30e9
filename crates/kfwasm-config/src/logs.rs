use crate::read::object::Object;

/// What is written down about each request. Nothing here ever holds a secret, a cookie or a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Logs {
    /// Whether log lines name the user. The session's identifier stands in them in any case.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub user: bool,
    /// What Envoy's access log can show of each decision, by `%FILTER_STATE(wasm.kfwasm_outcome:PLAIN)%` and likewise
    /// `_user`, `_session` and `_provider`. Each costs every request that it is known of about a microsecond.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub access_log: Vec<AccessLogField>,
}

choice_type! {
    /// Something of a decision that Envoy's access log can show.
    AccessLogField {
        /// What became of the request, such as `forwarded`.
        Outcome = "outcome",
        /// The user, as the identity header names them.
        User = "user",
        /// The identifier of the session, as `session.revocation.sessions` takes it.
        Session = "session",
        /// The name of the provider, or the issuer of a bearer token.
        Provider = "provider",
    }
}

const MOST: usize = 4;

impl Logs {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let user = object.flag("user", false);
        let access_log = object.list("accessLog", &[], 0..=MOST, &AccessLogField::parse);
        object.finish();
        Some(Self {
            user: user?,
            access_log: access_log.whole()?,
        })
    }
}
