//! Records of version 2: all that must fit into one cookie, in little room.

use serde::{Deserialize, Serialize};

use super::Session;
use crate::session::groups::PackedGroups;
use crate::session::packed_text::PackedText;

/// The fields in their order (postcard). Times are told by their distance from the sign-in, in seconds.
#[derive(Serialize, Deserialize)]
struct Version2 {
    id: [u8; 16],
    provider: String,
    subject: PackedText,
    user: String,
    groups: PackedGroups,
    signed_in_at: u64,
    lasts: u64,
    lasts_unused: u64,
    refresh_after: Option<u64>,
    provider_session: Option<PackedText>,
    /// How long before the sign-in here the user proved who they are; negative where clocks differ.
    authenticated_before: Option<i64>,
    acr: Option<PackedText>,
    claim_headers: Vec<String>,
}

pub(super) fn read(fields: &[u8]) -> Option<Session> {
    let fields: Version2 = postcard::from_bytes(fields).ok()?;
    let start = fields.signed_in_at;
    let before = |seconds: i64| start.wrapping_sub(seconds.cast_unsigned());
    Some(Session {
        id: fields.id,
        provider: fields.provider,
        subject: fields.subject.unpack(),
        user: fields.user,
        groups: fields.groups.unpack()?,
        signed_in_at: start,
        end: start.saturating_add(fields.lasts),
        idle_end: start.saturating_add(fields.lasts_unused),
        refresh_at: fields
            .refresh_after
            .map_or(0, |seconds| start.saturating_add(seconds)),
        provider_session: fields.provider_session.map(PackedText::unpack),
        auth_time: fields.authenticated_before.map(before),
        acr: fields.acr.map(PackedText::unpack),
        claim_headers: fields.claim_headers,
    })
}

/// Writes the fields behind `record`; `None` when they cannot be encoded.
pub(super) fn write(session: &Session, record: Vec<u8>) -> Option<Vec<u8>> {
    let start = session.signed_in_at;
    let since = |time: u64| time.saturating_sub(start);
    let before = |time: u64| start.wrapping_sub(time).cast_signed();
    let fields = Version2 {
        id: session.id,
        provider: session.provider.clone(),
        subject: PackedText::pack(&session.subject),
        user: session.user.clone(),
        groups: session.groups.pack(),
        signed_in_at: start,
        lasts: since(session.end),
        lasts_unused: since(session.idle_end),
        refresh_after: (session.refresh_at > 0).then(|| since(session.refresh_at)),
        provider_session: session.provider_session.as_deref().map(PackedText::pack),
        authenticated_before: session.auth_time.map(before),
        acr: session.acr.as_deref().map(PackedText::pack),
        claim_headers: session.claim_headers.clone(),
    };
    postcard::to_extend(&fields, record).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{read, write};
    use crate::session::record::Session;

    prop_compose! {
        fn session()(
            id in any::<[u8; 16]>(),
            texts in proptest::collection::vec("[a-zA-Z0-9@._-]{1,60}", 3),
            groups in proptest::collection::vec("[a-z]{1,9}", 0..4),
            signed_in_at in 0_u64..1 << 40,
            lasts in proptest::collection::vec(0_u64..1 << 30, 3),
            provider_session in any::<Option<String>>(),
            auth_time in proptest::option::of(0_u64..1 << 40),
            acr in any::<Option<String>>(),
            claim_headers in any::<Vec<String>>(),
        ) -> Session {
            let at = |index: usize| signed_in_at + lasts[index];
            Session {
                id,
                provider: texts[0].clone(),
                subject: texts[1].clone(),
                user: texts[2].clone(),
                groups: groups.into_iter().collect(),
                signed_in_at,
                end: at(0),
                idle_end: at(1),
                refresh_at: if at(2) > 0 { at(2) } else { 0 },
                provider_session,
                auth_time,
                acr,
                claim_headers,
            }
        }
    }

    proptest! {
        #[test]
        fn every_session_comes_back_as_it_was(session in session()) {
            let fields = write(&session, Vec::new()).unwrap();

            prop_assert_eq!(read(&fields), Some(session));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
            read(&bytes);
        }
    }
}
