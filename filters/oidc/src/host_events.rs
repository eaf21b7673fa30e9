//! What the host calls in the filter (proxy-wasm ABI 0.2.1).
//!
//! The SDK's dispatcher would do, but costs each request a boxed stream and three hash maps, makes the module 30 KiB larger,
//! and panics where it is told of something that it does not know. Here a request that is through after its headers,
//! as nearly all are, leaves nothing behind.
#![expect(unsafe_code, reason = "the host finds its functions by their names")]

use core::cell::RefCell;
use core::ptr::NonNull;
use std::alloc::{Layout, alloc};

use kfwasm_oidc::local_reply::LocalReply;

use crate::contexts::Contexts;
use crate::host_calls;

/// What becomes of a request or response after its headers, by the host's numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Action {
    /// It goes on.
    Continue = 0,
    /// It waits, or was answered here.
    Pause = 1,
}

thread_local! {
    static CONTEXTS: RefCell<Contexts> = const { RefCell::new(Contexts::new()) };
}

/// Calls back; `None` when the host calls while it is being called, which the ABI rules out.
fn with<T>(event: impl FnOnce(&mut Contexts) -> T) -> Option<T> {
    CONTEXTS.with(|contexts| Some(event(&mut *contexts.try_borrow_mut().ok()?)))
}

unsafe extern "C" {
    /// Made by the linker: runs what must be run before anything else.
    fn __wasm_call_ctors();
}

#[unsafe(no_mangle)]
extern "C" fn _initialize() {
    // SAFETY: the host calls this function once, before all others.
    unsafe { __wasm_call_ctors() }
}

#[unsafe(no_mangle)]
extern "C" fn proxy_abi_version_0_2_1() {}

/// Room for bytes that the host gives away; `host_calls.rs` takes them over as a vector of exactly this size.
#[unsafe(no_mangle)]
extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
    match Layout::array::<u8>(size) {
        // SAFETY: the size is not 0.
        Ok(layout) if size > 0 => unsafe { alloc(layout) },
        _ => NonNull::dangling().as_ptr(),
    }
}

/// Whether the configuration was taken.
#[unsafe(no_mangle)]
extern "C" fn proxy_on_configure(root: u32, size: usize) -> bool {
    with(|contexts| contexts.on_configure(root, size)).unwrap_or(false)
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_tick(root: u32) {
    with(|contexts| contexts.on_tick(root));
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_headers(stream: u32, _count: usize, _end: u32) -> Action {
    let decided = with(|contexts| contexts.on_request_headers(stream));
    decided.unwrap_or_else(|| {
        host_calls::send_reply(&LocalReply::not_configured());
        Action::Pause
    })
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_headers(stream: u32, _count: usize, _end: u32) -> Action {
    let seen = with(|contexts| contexts.on_response_headers(stream));
    seen.unwrap_or(Action::Continue)
}

/// The host's context here is always a root: which stream waits for the answer is told by the token alone.
#[unsafe(no_mangle)]
extern "C" fn proxy_on_http_call_response(
    _root: u32,
    token: u32,
    headers: usize,
    body: usize,
    _trailers: usize,
) {
    with(|contexts| contexts.on_http_call_response(token, headers, body));
}
