//! Whose turn it is: to which root or stream host calls are directed.

use core::ptr;

use super::{
    BAD_ARGUMENT, NOT_FOUND, OK, proxy_continue_stream, proxy_get_property,
    proxy_set_effective_context, take,
};

const RESPONSE_STREAM: u32 = 1;
/// How long the request took, in nanoseconds: Envoy knows it once the request has ended.
const DURATION: &str = "request\0duration";

/// Directs host calls to a root or a stream, when they are made in answer to something else; false when it is gone.
pub(crate) fn turn_to(context: u32) -> bool {
    turn(context) == OK
}

/// Whether the host says that there is no such root any more. Where it may not be asked, every root is there: were one
/// forgotten that is in use, its requests would be taken for those of another.
pub(crate) fn is_gone(root: u32) -> bool {
    turn(root) == BAD_ARGUMENT
}

fn turn(context: u32) -> u32 {
    // SAFETY: no pointers are involved.
    unsafe { proxy_set_effective_context(context) }
}

/// Directs host calls to a stream that something is to be done to; false when it is gone or has ended.
///
/// Envoy forgets a stream a little later than it ends, at the end of a turn of its event loop. Answering it or letting it
/// go on in between would end its filters a second time, which Envoy does not survive.
pub(crate) fn turn_to_stream(stream: u32) -> bool {
    turn_to(stream) && duration() == NOT_FOUND
}

/// Whether the host may be asked if a stream has ended: where it may not, none is done anything to. It is a root's turn.
pub(crate) fn tells_ends() -> bool {
    duration() == NOT_FOUND
}

/// The status of asking for it.
fn duration() -> u32 {
    let (mut data, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the pointer and length are those of a live string, which the host only reads; it writes a pointer and a
    // length to live variables, and gives the bytes away.
    unsafe {
        let (path, path_size) = (DURATION.as_ptr(), DURATION.len());
        let status = proxy_get_property(path, path_size, &raw mut data, &raw mut size);
        drop(take(data, size));
        status
    }
}

/// Lets the response of a stream go on, after what `prepare` does to it; then it is the `root`'s turn again. Nothing when
/// that stream has ended.
pub(crate) fn resume_response(stream: u32, root: u32, prepare: impl FnOnce()) {
    if turn_to_stream(stream) {
        prepare();
        // SAFETY: no pointers are involved.
        unsafe { proxy_continue_stream(RESPONSE_STREAM) };
    }
    turn_to(root);
}
