//! Records of version 1.

use serde::Deserialize;

use super::Session;
use crate::session::groups::Groups;
use crate::session::guid::Guid;

/// The fields in their order (postcard).
#[derive(Deserialize)]
struct Version1 {
    id: [u8; 16],
    provider: String,
    subject: String,
    user: String,
    groups: Vec<Group>,
    signed_in_at: u64,
    end: u64,
    idle_end: u64,
    refresh_at: u64,
    provider_session: Option<String>,
}

#[derive(Deserialize)]
enum Group {
    Guid(Guid),
    Name(String),
}

pub(super) fn read(fields: &[u8]) -> Option<Session> {
    let fields: Version1 = postcard::from_bytes(fields).ok()?;
    let (mut names, mut guids) = (Vec::new(), Vec::new());
    for group in fields.groups {
        match group {
            Group::Guid(guid) => guids.push(guid),
            Group::Name(name) => names.push(name),
        }
    }
    Some(Session {
        id: fields.id,
        provider: fields.provider,
        subject: fields.subject,
        user: fields.user,
        groups: Groups::of(names, guids),
        signed_in_at: fields.signed_in_at,
        end: fields.end,
        idle_end: fields.idle_end,
        refresh_at: fields.refresh_at,
        provider_session: fields.provider_session,
        auth_time: None,
        acr: None,
        claim_headers: Vec::new(),
    })
}
