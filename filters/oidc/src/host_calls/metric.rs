use super::{OK, proxy_define_metric, proxy_increment_metric, proxy_record_metric};

/// What a metric of the host does with its values, by the host's numbers.
#[derive(Clone, Copy)]
#[repr(u32)]
pub(crate) enum MetricKind {
    /// Adds them up.
    Counter = 0,
    /// Shows the latest.
    Gauge = 1,
    /// Counts how many were how large.
    Histogram = 2,
}

/// A metric of the host; one that could not be defined takes values and shows nothing.
#[derive(Clone, Copy)]
pub(crate) struct Metric(Option<u32>);

impl Metric {
    pub(crate) fn define(kind: MetricKind, name: &str) -> Self {
        let mut id = 0;
        // SAFETY: the name is a live string, and the host writes one number to a live variable.
        let status =
            unsafe { proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &raw mut id) };
        Self((status == OK).then_some(id))
    }

    /// One more, of a counter.
    pub(crate) fn increment(self) {
        if let Some(id) = self.0 {
            // SAFETY: no pointers are involved.
            unsafe { proxy_increment_metric(id, 1) };
        }
    }

    /// A value of a gauge or histogram.
    pub(crate) fn record(self, value: u64) {
        if let Some(id) = self.0 {
            // SAFETY: no pointers are involved.
            unsafe { proxy_record_metric(id, value) };
        }
    }
}
