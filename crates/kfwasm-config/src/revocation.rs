use crate::point_in_time::PointInTime;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// Sessions and bearer tokens that end before their time, on every gateway that gets this configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Revocation {
    /// Everybody's sessions from sign-ins before this time, and tokens issued before it, are over.
    pub not_before: Option<PointInTime>,
    /// Sessions and tokens of these users are over. At most 1024.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub users: Vec<RevokedUser>,
    /// Single sessions that are over, by the identifier in the gateway's logs. At most 1024.
    #[cfg_attr(feature = "schema", schemars(default, extend("maxItems" = MOST)))]
    pub sessions: Vec<RevokedSession>,
}

/// A user whose sessions and tokens are over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct RevokedUser {
    /// The user as the identity header names them, prefix included.
    pub user: UserName,
    /// Sessions from sign-ins before this time, and tokens issued before it, are over. A time that is
    /// still to come keeps the user out until then.
    pub not_before: PointInTime,
}

text_type! {
    /// A user as the identity header names them.
    UserName,
    pattern "^[ -~]+$",
    longest 1024
}

text_type! {
    /// The identifier of a session: 22 characters of base64url, from which nobody can make its cookie.
    RevokedSession,
    pattern "^[A-Za-z0-9_-]{22}$",
    longest 22
}

const MOST: usize = 1024;

impl Revocation {
    pub(crate) fn read(mut object: Object<'_>) -> Option<Self> {
        let not_before = object.optional("notBefore", &PointInTime::parse);
        let mut users = Vec::new();
        for (path, fields) in object.objects("users", 0..=MOST) {
            users.push(RevokedUser::read(object.object_at(path, fields)));
        }
        let sessions = object.list("sessions", &[], 0..=MOST, &RevokedSession::parse);
        object.finish();
        Some(Self {
            not_before: not_before.into_option(),
            users: users.into_iter().collect::<Option<_>>()?,
            sessions: sessions.whole()?,
        })
    }
}

impl RevokedUser {
    fn read(mut object: Object<'_>) -> Option<Self> {
        let user = object.required(
            "user",
            "write the user as the identity header names them",
            &UserName::parse,
        );
        let not_before = object.required(
            "notBefore",
            "write the time of the revocation, as from `date -u +%FT%TZ`",
            &PointInTime::parse,
        );
        object.finish();
        Some(Self {
            user: user?,
            not_before: not_before?,
        })
    }
}

impl UserName {
    /// Reads a user's name: printable ASCII.
    ///
    /// # Errors
    /// When it is empty, longer than 1024 bytes, or has other characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text) && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not the name of a user",
            "write 1 to 1024 printable ASCII characters, such as alice@example.com",
        ))
    }
}

impl RevokedSession {
    /// Reads a session's identifier.
    ///
    /// # Errors
    /// When it is not 22 characters of base64url.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.len() == 22 && Self::fits(text) && text.bytes().all(base64url) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::of(
            "is not the identifier of a session",
            "write the 22 characters that the gateway's log shows as session=, never the cookie",
        ))
    }
}
