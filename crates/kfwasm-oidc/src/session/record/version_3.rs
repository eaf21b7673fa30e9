//! Records of version 3: of sessions that were made from others.

use super::{Session, version_2};
use crate::fields::{FieldReader, FieldWriter};

/// The session that it was made from, and the fields of version 2.
pub(super) fn read(fields: &mut FieldReader<'_>) -> Option<Session> {
    let parent = fields.array()?;
    Some(Session {
        parent: Some(parent),
        ..version_2::read(fields)?
    })
}

pub(super) fn write(session: &Session, parent: &[u8; 16], fields: &mut FieldWriter) {
    fields.raw(parent);
    version_2::write(session, fields);
}
