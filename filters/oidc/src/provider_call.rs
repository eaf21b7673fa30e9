//! Calls to the provider, there and back.

use kfwasm_oidc::callout::{CalloutError, HttpResponse};
use kfwasm_oidc::header_map::HeaderMap;

use crate::host_calls;

/// Reads the response to a callout, as the host announces it.
pub(crate) fn response(
    header_count: usize,
    body_size: usize,
) -> Result<HttpResponse, CalloutError> {
    // After a reset there are no headers, and asking for them would be an error.
    if header_count == 0 {
        return Err(CalloutError::NoResponse);
    }
    if body_size > HttpResponse::LONGEST_BODY {
        return Err(CalloutError::TooLong);
    }
    let headers = host_calls::callout_response_headers().ok_or(CalloutError::NoResponse)?;
    let mut response = read_headers(&headers).ok_or(CalloutError::NoResponse)?;
    if body_size > 0 {
        response.body =
            host_calls::callout_response_body(body_size).ok_or(CalloutError::NoResponse)?;
    }
    Ok(response)
}

fn read_headers(buffer: &[u8]) -> Option<HttpResponse> {
    let mut response = HttpResponse {
        status: 0,
        content_type: None,
        cache_control: None,
        body: Vec::new(),
    };
    for pair in HeaderMap::new(buffer).ok()? {
        let (name, value) = pair.ok()?;
        match name {
            b":status" => response.status = core::str::from_utf8(value).ok()?.parse().ok()?,
            b"content-type" => response.content_type = Some(value.to_vec()),
            b"cache-control" => response.cache_control = Some(value.to_vec()),
            _ => {}
        }
    }
    Some(response)
}
