//! What the filter calls in the host (proxy-wasm ABI 0.2.1).
//!
//! The SDK's own wrappers panic on a status that they do not expect, on text that is not UTF-8, and on responses without
//! headers; a panic would end the service of the whole worker. These return nothing instead, and the caller fails closed.
#![expect(
    unsafe_code,
    reason = "host calls are foreign functions that take pointers"
)]

mod metric;
mod ownership;
mod request_headers;
mod shared_memory;
mod turn;

use core::ptr;
use core::time::Duration;

use kfwasm_oidc::callout::HttpRequest;
use kfwasm_oidc::header_map;
use kfwasm_oidc::local_reply::{COMMON_HEADERS, LocalReply};
use kfwasm_oidc::time::UnixTime;

pub(crate) use self::metric::{Metric, MetricKind};
pub(crate) use self::ownership::{declare_root, is_of_root};
pub(crate) use self::request_headers::RequestHeaders;
pub(crate) use self::shared_memory::SharedMemory;
pub(crate) use self::turn::{is_gone, resume_response, tells_ends, turn_to, turn_to_stream};

/// The host's numbers for its header maps and buffers.
const REQUEST_HEADERS: u32 = 0;
const RESPONSE_HEADERS: u32 = 2;
const CALLOUT_RESPONSE_HEADERS: u32 = 6;
const CALLOUT_RESPONSE_BODY: u32 = 4;
const PLUGIN_CONFIGURATION: u32 = 7;
const OK: u32 = 0;
const NOT_FOUND: u32 = 1;
const BAD_ARGUMENT: u32 = 2;
const REQUEST_STREAM: u32 = 0;
/// No gRPC status: Envoy derives one from the HTTP status.
const NO_GRPC_STATUS: i32 = -1;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: u32, message: *const u8, size: usize) -> u32;
    fn proxy_get_log_level(level: *mut u32) -> u32;
    fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
    fn proxy_get_header_map_pairs(map: u32, data: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_replace_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_add_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_remove_header_map_value(map: u32, name: *const u8, name_size: usize) -> u32;
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        max_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_size: usize,
        body: *const u8,
        body_size: usize,
        headers: *const u8,
        headers_size: usize,
        grpc_status: i32,
    ) -> u32;
    fn proxy_continue_stream(stream: u32) -> u32;
    fn proxy_set_effective_context(context: u32) -> u32;
    fn proxy_get_property(
        path: *const u8,
        path_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_set_property(
        path: *const u8,
        path_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_get_shared_data(
        name: *const u8,
        name_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
        version: *mut u32,
    ) -> u32;
    fn proxy_set_shared_data(
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
        version: u32,
    ) -> u32;
    fn proxy_http_call(
        cluster: *const u8,
        cluster_size: usize,
        headers: *const u8,
        headers_size: usize,
        body: *const u8,
        body_size: usize,
        trailers: *const u8,
        trailers_size: usize,
        timeout: u32,
        token: *mut u32,
    ) -> u32;
    fn proxy_call_foreign_function(
        name: *const u8,
        name_size: usize,
        argument: *const u8,
        argument_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_size: usize, id: *mut u32) -> u32;
    fn proxy_increment_metric(id: u32, offset: i64) -> u32;
    fn proxy_record_metric(id: u32, value: u64) -> u32;
}

/// Severities of log lines, by the host's numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(crate) enum Level {
    Debug = 1,
    Info = 2,
    Warn = 3,
    Error = 4,
}

pub(crate) fn log(level: Level, message: &str) {
    // SAFETY: the pointer and length are those of a live string, which the host only reads.
    unsafe { proxy_log(level as u32, message.as_ptr(), message.len()) };
}

/// Whether lines of this level are written at all.
pub(crate) fn is_logged(level: Level) -> bool {
    let mut least = 0;
    // SAFETY: the host writes one number to a live variable.
    let status = unsafe { proxy_get_log_level(&raw mut least) };
    status == OK && level as u32 >= least
}

pub(crate) fn now() -> UnixTime {
    let mut nanoseconds = 0;
    // SAFETY: the host writes one number to a live variable.
    let status = unsafe { proxy_get_current_time_nanoseconds(&raw mut nanoseconds) };
    // At the end of time every session is over.
    match status {
        OK => UnixTime(Duration::from_nanos(nanoseconds).as_secs()),
        _ => UnixTime(u64::MAX),
    }
}

/// For the time that something takes; 0 when the host has no clock.
pub(crate) fn now_in_milliseconds() -> u64 {
    let mut nanoseconds = 0;
    // SAFETY: the host writes one number to a live variable.
    unsafe { proxy_get_current_time_nanoseconds(&raw mut nanoseconds) };
    nanoseconds / 1_000_000
}

pub(crate) fn set_tick_period(milliseconds: u32) {
    // SAFETY: no pointers are involved.
    unsafe { proxy_set_tick_period_milliseconds(milliseconds) };
}

/// Takes over bytes that the host has put into our memory.
///
/// # Safety
/// `data` is null, or was allocated by `proxy_on_memory_allocate` with exactly `size` bytes and is not used
/// elsewhere: so the ABI promises of what it returns.
unsafe fn take(data: *mut u8, size: usize) -> Vec<u8> {
    if data.is_null() {
        return Vec::new();
    }
    // SAFETY: `proxy_on_memory_allocate` has asked the allocator for exactly `size` bytes.
    unsafe { Vec::from_raw_parts(data, size, size) }
}

fn header_map(map: u32) -> Option<Vec<u8>> {
    let (mut data, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the host writes a pointer and a length to live variables, and gives the bytes away.
    let (status, bytes) = unsafe {
        let status = proxy_get_header_map_pairs(map, &raw mut data, &raw mut size);
        (status, take(data, size))
    };
    (status == OK).then_some(bytes)
}

/// The request's headers, serialized.
pub(crate) fn request_headers() -> Option<Vec<u8>> {
    header_map(REQUEST_HEADERS)
}

/// The headers of a callout's response, serialized. There are none after a reset.
pub(crate) fn callout_response_headers() -> Option<Vec<u8>> {
    header_map(CALLOUT_RESPONSE_HEADERS)
}

fn buffer(buffer: u32, size: usize) -> Option<Vec<u8>> {
    let (mut data, mut length) = (ptr::null_mut(), 0);
    // SAFETY: the host writes a pointer and a length to live variables, and gives the bytes away.
    let (status, bytes) = unsafe {
        let status = proxy_get_buffer_bytes(buffer, 0, size, &raw mut data, &raw mut length);
        (status, take(data, length))
    };
    (status == OK).then_some(bytes)
}

pub(crate) fn callout_response_body(size: usize) -> Option<Vec<u8>> {
    buffer(CALLOUT_RESPONSE_BODY, size)
}

pub(crate) fn plugin_configuration(size: usize) -> Vec<u8> {
    buffer(PLUGIN_CONFIGURATION, size).unwrap_or_default()
}

/// Marks the request as decided on: Envoy keeps it as the filter state `wasm.kfwasm_gate`, which no client can set and
/// which a filter before the router demands. False when the host did not.
pub(crate) fn mark_decided() -> bool {
    set_property("kfwasm_gate", b"1")
}

/// Keeps a value with the request, as the filter state `wasm.NAME`. False when the host did not.
pub(crate) fn set_property(name: &str, value: &[u8]) -> bool {
    // SAFETY: pointers and lengths are those of live slices, which the host only reads.
    let status =
        unsafe { proxy_set_property(name.as_ptr(), name.len(), value.as_ptr(), value.len()) };
    status == OK
}

fn add_response_header(name: &str, value: &str) {
    // SAFETY: pointers and lengths are those of live strings, which the host only reads.
    unsafe {
        proxy_add_header_map_value(
            RESPONSE_HEADERS,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    };
}

fn replace_response_header(name: &str, value: &str) {
    // SAFETY: pointers and lengths are those of live strings, which the host only reads.
    unsafe {
        proxy_replace_header_map_value(
            RESPONSE_HEADERS,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    };
}

/// Gives the browser a cookie of the session with a response. Whoever else may keep the response must not keep the session
/// in it.
pub(crate) fn set_session_cookie(cookie: &str) {
    add_response_header("set-cookie", cookie);
    replace_response_header("cache-control", "private, no-cache");
}

pub(crate) fn send_reply(reply: &LocalReply) {
    let common = COMMON_HEADERS
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let own = reply
        .headers
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let pairs: Vec<(&[u8], &[u8])> = common.chain(own).collect();
    let headers = header_map::encode(&pairs);
    let details = reply.outcome.as_str();
    // SAFETY: pointers and lengths are those of live slices, which the host only reads.
    unsafe {
        proxy_send_local_response(
            u32::from(reply.status),
            details.as_ptr(),
            details.len(),
            reply.body.as_ptr(),
            reply.body.len(),
            headers.as_ptr(),
            headers.len(),
            NO_GRPC_STATUS,
        )
    };
}

pub(crate) fn resume_request() {
    // SAFETY: no pointers are involved.
    unsafe { proxy_continue_stream(REQUEST_STREAM) };
}

/// Sends a request; the token tells its response from others. `None` when the host did not send it.
pub(crate) fn send(request: &HttpRequest) -> Option<u32> {
    let text = |secret: &kfwasm_oidc::secret::Secret| {
        String::from_utf8_lossy(secret.expose()).into_owned()
    };
    let authorization = request.authorization.as_ref().map(text);
    let mut headers = vec![
        (":method", request.method),
        (":scheme", request.scheme),
        (":authority", request.authority.as_str()),
        (":path", request.path.as_str()),
        ("accept", "application/json"),
    ];
    headers.extend(request.content_type.map(|it| ("content-type", it)));
    headers.extend(authorization.as_deref().map(|it| ("authorization", it)));
    let headers: Vec<(&[u8], &[u8])> = headers
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
        .collect();
    let body = request
        .body
        .as_ref()
        .map(kfwasm_oidc::secret::Secret::expose);
    let timeout = u32::try_from(request.timeout_milliseconds).unwrap_or(u32::MAX);
    call(
        &request.cluster,
        &header_map::encode(&headers),
        body.unwrap_or_default(),
        timeout,
    )
}

fn call(cluster: &str, headers: &[u8], body: &[u8], timeout: u32) -> Option<u32> {
    let trailers = header_map::encode(&[]);
    let mut token = 0;
    // SAFETY: pointers and lengths are those of live slices, which the host only reads; it writes one number to a live
    // variable.
    let status = unsafe {
        proxy_http_call(
            cluster.as_ptr(),
            cluster.len(),
            headers.as_ptr(),
            headers.len(),
            body.as_ptr(),
            body.len(),
            trailers.as_ptr(),
            trailers.len(),
            timeout,
            &raw mut token,
        )
    };
    (status == OK).then_some(token)
}

/// Calls Envoy's function for checking a signature; `None` when it is not there, or may not be called.
pub(crate) fn verify_signature(argument: &[u8]) -> Option<Vec<u8>> {
    call_foreign_function("verify_signature", argument)
}

/// Calls a function of Envoy's own; `None` when it is not there, may not be called, or fails.
fn call_foreign_function(name: &str, argument: &[u8]) -> Option<Vec<u8>> {
    let (mut data, mut size) = (ptr::null_mut(), 0);
    // SAFETY: pointers and lengths are those of live slices, which the host only reads; it writes to live variables, and gives
    // the bytes away.
    let (status, answer) = unsafe {
        let status = proxy_call_foreign_function(
            name.as_ptr(),
            name.len(),
            argument.as_ptr(),
            argument.len(),
            &raw mut data,
            &raw mut size,
        );
        (status, take(data, size))
    };
    (status == OK).then_some(answer)
}
