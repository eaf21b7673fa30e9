use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Received;
use super::dashboard::Dashboard;

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// A page for who asks for one, except below /echo; for all others the request itself, as JSON.
pub(super) fn answer(request: &Received) -> Response {
    let wants_page = request
        .all("accept")
        .iter()
        .any(|accept| accept.contains("text/html"));
    if wants_page && !request.target.starts_with("/echo") {
        let page = Dashboard::of(request)
            .render()
            .unwrap_or_else(|error| error.to_string());
        respond(HTML, page)
    } else {
        respond(JSON, request.to_json().to_string())
    }
}

fn respond(content_type: &'static str, body: String) -> Response {
    (
        [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-store")],
        body,
    )
        .into_response()
}
