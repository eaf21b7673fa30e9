use super::{OK, REQUEST_HEADERS, proxy_remove_header_map_value, proxy_replace_header_map_value};

/// The headers of the request, to be changed.
#[derive(Default)]
pub(crate) struct RequestHeaders {
    failed: bool,
}

impl RequestHeaders {
    /// Whether the host has made every change.
    pub(crate) const fn are_changed(&self) -> bool {
        !self.failed
    }
}

impl kfwasm_oidc::header_edits::RequestHeaders for RequestHeaders {
    fn set(&mut self, name: &str, value: &[u8]) {
        // SAFETY: pointers and lengths are those of live slices, which the host only reads.
        let status = unsafe {
            proxy_replace_header_map_value(
                REQUEST_HEADERS,
                name.as_ptr(),
                name.len(),
                value.as_ptr(),
                value.len(),
            )
        };
        self.failed |= status != OK;
    }

    fn remove(&mut self, name: &[u8]) {
        // SAFETY: the pointer and length are those of a live slice, which the host only reads.
        let status =
            unsafe { proxy_remove_header_map_value(REQUEST_HEADERS, name.as_ptr(), name.len()) };
        self.failed |= status != OK;
    }
}
