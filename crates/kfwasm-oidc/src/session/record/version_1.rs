//! Records of version 1.

use super::Session;
use crate::fields::FieldReader;
use crate::session::groups::Groups;

/// The fields in their order.
pub(super) fn read(fields: &[u8]) -> Option<Session> {
    let mut fields = FieldReader::new(fields);
    Some(Session {
        id: fields.array()?,
        parent: None,
        provider: fields.text()?,
        subject: fields.text()?,
        user: fields.text()?,
        groups: groups(&mut fields)?,
        signed_in_at: fields.number()?,
        end: fields.number()?,
        idle_end: fields.number()?,
        refresh_at: fields.number()?,
        provider_session: match fields.flag()? {
            true => Some(fields.text()?),
            false => None,
        },
        auth_time: None,
        acr: None,
        claim_headers: Vec::new(),
    })
}

/// Each is a GUID or a name.
fn groups(fields: &mut FieldReader<'_>) -> Option<Groups> {
    let mut groups = Groups::default();
    for _ in 0..fields.count()? {
        match fields.byte()? {
            0 => groups.add_guid(fields.array()?),
            1 => groups.add_name(fields.text()?),
            _ => return None,
        }
    }
    Some(groups)
}
