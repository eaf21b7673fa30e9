//! What the host counts and measures for us. Envoy shows `kfwasm.NAME` as `wasmcustom.kfwasm.NAME`.

use kfwasm_oidc::callout::{CalloutError, HttpResponse};
use kfwasm_oidc::provider::Document;
use kfwasm_oidc::{Outcome, RefreshOutcome};

use crate::host_calls::{Metric, MetricKind};

/// The metrics of one worker; the host adds up those of all.
pub(crate) struct Metrics {
    /// `kfwasm.requests.OUTCOME`: a request is counted once.
    requests: [Metric; Outcome::ALL.len()],
    callouts: [Callouts; Document::ALL.len()],
    /// `kfwasm.refreshes.OUTCOME`: a refresh is counted once.
    refreshes: [Metric; RefreshOutcome::ALL.len()],
    /// `kfwasm.key_set_age_seconds`.
    key_set_age: Metric,
    /// `kfwasm.configuration_accepted`: 1, or 0 when the latest one was refused.
    configuration_accepted: Metric,
    /// `kfwasm.configurations`: a worker has taken one that it has not refused.
    configurations: Metric,
}

/// Requests for one kind of document.
struct Callouts {
    /// `kfwasm.callouts.DOCUMENT.ok`: answered with a status below 300.
    ok: Metric,
    /// `kfwasm.callouts.DOCUMENT.error`: answered with another status, by the provider or by Envoy in its place.
    error: Metric,
    /// `kfwasm.callouts.DOCUMENT.no_answer`: reset, too late, too long, or never sent.
    no_answer: Metric,
    /// `kfwasm.callout_milliseconds.DOCUMENT`: how long an answer took.
    milliseconds: Metric,
}

impl Metrics {
    pub(crate) fn define() -> Self {
        let request = |it: Outcome| counter(&["kfwasm.requests.", it.as_str()]);
        let refresh = |it: RefreshOutcome| counter(&["kfwasm.refreshes.", it.as_str()]);
        Self {
            requests: Outcome::ALL.map(request),
            callouts: Document::ALL.map(Callouts::define),
            refreshes: RefreshOutcome::ALL.map(refresh),
            key_set_age: Metric::define(MetricKind::Gauge, "kfwasm.key_set_age_seconds"),
            configuration_accepted: Metric::define(
                MetricKind::Gauge,
                "kfwasm.configuration_accepted",
            ),
            configurations: counter(&["kfwasm.configurations"]),
        }
    }

    pub(crate) fn count(&self, outcome: Outcome) {
        if let Some(counter) = self.requests.get(outcome.index()) {
            counter.increment();
        }
    }

    /// An answer, or why there is none, and when the request was sent and this was known.
    pub(crate) fn count_callout(
        &self,
        document: Document,
        response: &Result<HttpResponse, CalloutError>,
        milliseconds: u64,
    ) {
        let Some(callouts) = self.callouts.get(document.index()) else {
            return;
        };
        let counter = match response {
            Ok(HttpResponse { status: ..300, .. }) => callouts.ok,
            Ok(_) => callouts.error,
            Err(_) => callouts.no_answer,
        };
        counter.increment();
        callouts.milliseconds.record(milliseconds);
    }

    pub(crate) fn count_refresh(&self, outcome: RefreshOutcome) {
        if let Some(counter) = self.refreshes.get(outcome.index()) {
            counter.increment();
        }
    }

    pub(crate) fn show_key_set_age(&self, seconds: u64) {
        self.key_set_age.record(seconds);
    }

    pub(crate) fn show_configuration(&self, is_accepted: bool) {
        self.configuration_accepted.record(u64::from(is_accepted));
        if is_accepted {
            self.configurations.increment();
        }
    }
}

impl Callouts {
    fn define(document: Document) -> Self {
        let of = |result: &str| counter(&["kfwasm.callouts.", document.as_str(), result]);
        let milliseconds = ["kfwasm.callout_milliseconds.", document.as_str()].concat();
        Self {
            ok: of(".ok"),
            error: of(".error"),
            no_answer: of(".no_answer"),
            milliseconds: Metric::define(MetricKind::Histogram, &milliseconds),
        }
    }
}

fn counter(name: &[&str]) -> Metric {
    Metric::define(MetricKind::Counter, &name.concat())
}
