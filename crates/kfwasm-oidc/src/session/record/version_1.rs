//! Records of version 1, the only one that there has been: all that must fit into one cookie, in little room.

use super::Session;
use crate::fields::{FieldReader, FieldWriter};
use crate::session::groups::Groups;
use crate::session::packed_text;
use crate::time::UnixTime;

/// The fields in their order. Times are told by their distance from the sign-in, in seconds.
pub(super) fn read(fields: &mut FieldReader<'_>) -> Option<Session> {
    let start = UnixTime(fields.number()?);
    // How long before the sign-in here; after it, where clocks differ.
    let before = |distance| UnixTime(start.0.wrapping_sub(from_zigzag(distance)));
    Some(Session {
        signed_in_at: start,
        end: start.plus(fields.number()?),
        idle_end: start.plus(fields.number()?),
        refresh_at: fields.optional_number()?.map(|it| start.plus(it)),
        auth_time: fields.optional_number()?.map(before),
        id: fields.array()?,
        parent: parent(fields)?,
        provider: fields.text()?,
        subject: packed_text::read(fields)?,
        user: fields.text()?,
        groups: Groups::read_fields(fields)?,
        provider_session: packed_text::read_optional(fields)?,
        acr: packed_text::read_optional(fields)?,
        claim_headers: fields.texts()?,
    })
}

/// The session that it was made from, for a program's.
fn parent(fields: &mut FieldReader<'_>) -> Option<Option<[u8; 16]>> {
    match fields.flag()? {
        true => fields.array().map(Some),
        false => Some(None),
    }
}

/// Writes the fields.
pub(super) fn write(session: &Session, fields: &mut FieldWriter) {
    let start = session.signed_in_at;
    let since = |time: UnixTime| time.seconds_since(start);
    let before = |time: UnixTime| zigzag(start.0.wrapping_sub(time.0));
    fields.number(start.0);
    fields.number(since(session.end));
    fields.number(since(session.idle_end));
    fields.optional_number(session.refresh_at.map(since));
    fields.optional_number(session.auth_time.map(before));
    fields.raw(&session.id);
    fields.byte(u8::from(session.parent.is_some()));
    fields.raw(session.parent.as_ref().map_or(&[], |it| it.as_slice()));
    fields.text(&session.provider);
    packed_text::write(&session.subject, fields);
    fields.text(&session.user);
    session.groups.write_fields(fields);
    packed_text::write_optional(session.provider_session.as_deref(), fields);
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
    use crate::session::record::Session;
    use crate::time::UnixTime;

    prop_compose! {
        fn session()(
            id in any::<[u8; 16]>(),
            parent in any::<Option<[u8; 16]>>(),
            texts in proptest::collection::vec("[a-zA-Z0-9@._-]{1,60}", 3),
            groups in proptest::collection::vec("[a-z]{1,9}", 0..4),
            signed_in_at in 0_u64..1 << 40,
            lasts in proptest::collection::vec(0_u64..1 << 30, 3),
            is_refreshed in any::<bool>(),
            provider_session in any::<Option<String>>(),
            auth_time in proptest::option::of(0_u64..1 << 40),
            acr in any::<Option<String>>(),
            claim_headers in any::<Vec<String>>(),
        ) -> Session {
            let at = |index: usize| UnixTime(signed_in_at + lasts[index]);
            Session {
                id,
                parent,
                provider: texts[0].clone(),
                subject: texts[1].clone(),
                user: texts[2].clone(),
                groups: groups.into_iter().collect(),
                signed_in_at: UnixTime(signed_in_at),
                end: at(0),
                idle_end: at(1),
                refresh_at: is_refreshed.then(|| at(2)),
                provider_session,
                auth_time: auth_time.map(UnixTime),
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
        fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
            read(&mut FieldReader::new(&bytes));
        }
    }
}
