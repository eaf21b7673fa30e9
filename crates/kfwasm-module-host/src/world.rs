//! What the module may ask its host for.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::{Caller, Memory, Result, TypedFunc, format_err};

use crate::watched::Call;

/// The status of a call that was carried out.
pub const OK: u32 = 0;
/// The status of asking for something that is not there.
pub const NOT_FOUND: u32 = 1;
/// The status of naming something that cannot be, such as a context that is gone.
pub const BAD_ARGUMENT: u32 = 2;

/// What the module may ask for, and what it has asked.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) configuration: Arc<[u8]>,
    /// `NAME=VALUE` of each variable.
    pub(crate) environment: Arc<[String]>,
    /// In nanoseconds since the epoch.
    pub(crate) now: u64,
    /// The request's headers, serialized.
    pub(crate) headers: Arc<[u8]>,
    /// The headers of a callout's response, serialized, and its body.
    pub(crate) response: (Arc<[u8]>, Arc<[u8]>),
    pub(crate) random: u8,
    /// The token of the latest callout.
    pub(crate) token: u32,
    /// Functions that do nothing but return this status.
    pub(crate) statuses: BTreeMap<String, u32>,
    /// What the module has called, where that is watched.
    pub(crate) calls: Vec<Call>,
    pub(crate) inside: Option<Inside>,
}

/// What the host uses of the module while the module calls it.
#[derive(Clone)]
pub(crate) struct Inside {
    pub(crate) memory: Memory,
    pub(crate) allocate: TypedFunc<u32, u32>,
}

/// Puts bytes into memory that the module allocates for them, and tells it where.
pub(crate) fn give(
    caller: &mut Caller<'_, World>,
    bytes: &[u8],
    data: u32,
    size: u32,
) -> Result<u32> {
    let Inside { allocate, .. } = inside(caller)?;
    let place = allocate.call(&mut *caller, u32::try_from(bytes.len())?)?;
    write(caller, place, bytes)?;
    write(caller, data, &place.to_le_bytes())?;
    write_size(caller, size, bytes.len())
}

pub(crate) fn write_size(caller: &mut Caller<'_, World>, place: u32, size: usize) -> Result<u32> {
    write(caller, place, &u32::try_from(size)?.to_le_bytes())
}

pub(crate) fn write(caller: &mut Caller<'_, World>, place: u32, bytes: &[u8]) -> Result<u32> {
    let Inside { memory, .. } = inside(caller)?;
    memory.write(caller, usize::try_from(place)?, bytes)?;
    Ok(OK)
}

pub(crate) fn read(caller: &Caller<'_, World>, place: u32, size: u32) -> Result<Vec<u8>> {
    let Inside { memory, .. } = inside(caller)?;
    let mut bytes = vec![0; usize::try_from(size)?];
    memory.read(caller, usize::try_from(place)?, &mut bytes)?;
    Ok(bytes)
}

fn inside(caller: &Caller<'_, World>) -> Result<Inside> {
    let inside = caller.data().inside.clone();
    inside.ok_or_else(|| format_err!("the module calls before it is initialized"))
}
