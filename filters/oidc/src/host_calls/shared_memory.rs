use core::ptr;

use kfwasm_oidc::shared_data::{NotWritten, SharedData, Version};

use super::{OK, proxy_get_shared_data, proxy_set_shared_data, take};

/// The memory that all workers of this Envoy share.
pub(crate) struct SharedMemory;

impl SharedData for SharedMemory {
    fn get(&mut self, name: &str) -> Option<(Vec<u8>, Version)> {
        let (mut data, mut size, mut version) = (ptr::null_mut(), 0, 0);
        // SAFETY: the name is a live string; the host writes to live variables, and gives the bytes away.
        let (status, bytes) = unsafe {
            let status = proxy_get_shared_data(
                name.as_ptr(),
                name.len(),
                &raw mut data,
                &raw mut size,
                &raw mut version,
            );
            (status, take(data, size))
        };
        (status == OK).then_some((bytes, Version(version)))
    }

    fn set(
        &mut self,
        name: &str,
        value: &[u8],
        version: Option<Version>,
    ) -> Result<(), NotWritten> {
        // The ABI's 0 stands for any version.
        let version = version.map_or(0, |it| it.0);
        // SAFETY: pointers and lengths are those of live slices, which the host only reads.
        let status = unsafe {
            proxy_set_shared_data(
                name.as_ptr(),
                name.len(),
                value.as_ptr(),
                value.len(),
                version,
            )
        };
        if status == OK {
            Ok(())
        } else {
            Err(NotWritten)
        }
    }
}
