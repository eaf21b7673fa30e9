use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use serde_json::{Value, json};

use super::Received;
use super::dashboard::Dashboard;

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// What the API of Kubeflow Pipelines answers that takes its users from the gateway, as far as a client needs it to begin.
fn pipelines_api(request: &Received) -> Option<Value> {
    let path = request.target.split('?').next()?;
    match path.strip_prefix("/pipeline/apis/v2beta1/")? {
        "healthz" => Some(json!({ "multi_user": true })),
        "experiments" => Some(json!({
            "total_size": 1,
            "experiments": [{
                "experiment_id": "1",
                "display_name": format!("of {}", request.all("kubeflow-userid").join(" and ")),
                "namespace": "team-a",
            }],
        })),
        _ => None,
    }
}

/// The API of Kubeflow Pipelines at its place; a page for who asks for one, except below /echo; for all others the request itself, as JSON.
pub(super) fn answer(request: &Received) -> Response {
    let wants_page = request
        .all("accept")
        .iter()
        .any(|accept| accept.contains("text/html"));
    if let Some(answer) = pipelines_api(request) {
        respond(JSON, answer.to_string())
    } else if wants_page && !request.target.starts_with("/echo") {
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
