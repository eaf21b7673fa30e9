//! Records of version 2: all that must fit into one cookie, in little room.

use super::Session;
use crate::fields::{FieldReader, FieldWriter};
use crate::session::groups::Groups;
use crate::session::packed_text;

/// The fields in their order. Times are told by their distance from the sign-in, in seconds.
pub(super) fn read(fields: &mut FieldReader<'_>) -> Option<Session> {
    let mut session = Session {
        id: fields.array()?,
        parent: None,
        provider: fields.text()?,
        subject: packed_text::read(fields)?,
        user: fields.text()?,
        groups: Groups::read_fields(fields)?,
        signed_in_at: fields.number()?,
        end: fields.number()?,
        idle_end: fields.number()?,
        refresh_at: fields.optional_number()?.unwrap_or(u64::MAX),
        provider_session: packed_text::read_optional(fields)?,
        auth_time: fields.optional_number()?,
        acr: packed_text::read_optional(fields)?,
        claim_headers: fields.texts()?,
    };
    let start = session.signed_in_at;
    session.end = start.saturating_add(session.end);
    session.idle_end = start.saturating_add(session.idle_end);
    session.refresh_at = match session.refresh_at {
        u64::MAX => 0,
        after => start.saturating_add(after),
    };
    let before = |distance: u64| start.wrapping_sub(from_zigzag(distance));
    session.auth_time = session.auth_time.map(before);
    Some(session)
}

/// Writes the fields.
pub(super) fn write(session: &Session, fields: &mut FieldWriter) {
    let start = session.signed_in_at;
    let since = |time: u64| time.saturating_sub(start);
    fields.raw(&session.id);
    fields.text(&session.provider);
    packed_text::write(&session.subject, fields);
    fields.text(&session.user);
    session.groups.write_fields(fields);
    fields.number(start);
    fields.number(since(session.end));
    fields.number(since(session.idle_end));
    fields.optional_number((session.refresh_at > 0).then(|| since(session.refresh_at)));
    packed_text::write_optional(session.provider_session.as_deref(), fields);
    // How long before the sign-in here; after it, where clocks differ.
    let before = |time: u64| zigzag(start.wrapping_sub(time));
    fields.optional_number(session.auth_time.map(before));
    packed_text::write_optional(session.acr.as_deref(), fields);
    fields.texts(&session.claim_headers);
}

/// A difference in two's complement as a number that is small when the difference is.
const fn zigzag(difference: u64) -> u64 {
    let sign = difference.cast_signed() >> 63;
    difference << 1 ^ sign.cast_unsigned()
}

const fn from_zigzag(number: u64) -> u64 {
    number >> 1 ^ (number & 1).wrapping_neg()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FieldReader, FieldWriter, read, write};
    use crate::session::record::{Session, version_3};

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
                parent: None,
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
            let mut fields = FieldWriter::default();
            write(&session, &mut fields);

            prop_assert_eq!(read(&mut FieldReader::new(&fields.into_bytes())), Some(session));
        }

        #[test]
        fn every_session_that_was_made_from_another_comes_back_too(
            session in session(),
            parent in any::<[u8; 16]>(),
        ) {
            let session = Session { parent: Some(parent), ..session };
            let mut fields = FieldWriter::default();
            version_3::write(&session, &parent, &mut fields);

            let read = version_3::read(&mut FieldReader::new(&fields.into_bytes()));
            prop_assert_eq!(read, Some(session));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
            read(&mut FieldReader::new(&bytes));
            version_3::read(&mut FieldReader::new(&bytes));
        }
    }
}
