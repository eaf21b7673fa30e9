//! What kfwasm must reach, as ratios within one run.

use crate::report::{Report, Row};

/// One target, and what the run says of it.
pub(crate) struct Judged {
    what: &'static str,
    most: f64,
    found: Option<f64>,
    /// `None` when a variant that it needs was not measured.
    pub(crate) holds: Option<bool>,
}

/// The figure of a row that is compared.
type Figure = fn(&Row) -> f64;

struct Target {
    what: &'static str,
    ours: &'static str,
    theirs: &'static str,
    figure: Figure,
    most: f64,
}

const ADDED_GATEWAY: Figure = |row| row.added_gateway.median;
const ADDED_CPU: Figure = |row| row.added_cpu.median;
const ADDED_P50: Figure = |row| row.added_p50.median;
/// Time per request of the whole machine.
const TIME: Figure = |row| 1e6 / row.rate.median;

const TARGETS: [Target; 8] = [
    target(
        "Envoy CPU, cookie seen before : an empty filter",
        "seen",
        "empty",
        ADDED_GATEWAY,
        1.5,
    ),
    target(
        "Envoy CPU, cookie never seen : an empty filter",
        "new",
        "empty",
        ADDED_GATEWAY,
        2.0,
    ),
    target(
        "Envoy CPU, bearer token seen before : an empty filter",
        "bearer",
        "empty",
        ADDED_GATEWAY,
        2.0,
    ),
    target(
        "Envoy CPU, cookie seen before : Envoy's oauth2",
        "seen",
        "oauth2",
        ADDED_GATEWAY,
        1.0,
    ),
    target(
        "Envoy CPU, cookie seen before : oauth2 + jwt_authn",
        "seen",
        "oauth2-jwt",
        ADDED_GATEWAY,
        0.25,
    ),
    target(
        "CPU in all, cookie seen before : Kubeflow today",
        "seen",
        "kubeflow",
        ADDED_CPU,
        1.0 / 12.0,
    ),
    target(
        "added p50, cookie seen before : Kubeflow today",
        "seen",
        "kubeflow",
        ADDED_P50,
        0.1,
    ),
    target(
        "time per request of the machine : Kubeflow today",
        "seen",
        "kubeflow",
        TIME,
        0.5,
    ),
];

const fn target(
    what: &'static str,
    ours: &'static str,
    theirs: &'static str,
    figure: Figure,
    most: f64,
) -> Target {
    Target {
        what,
        ours,
        theirs,
        figure,
        most,
    }
}

/// Compares the run with every target.
pub(crate) fn judge(report: &Report) -> Vec<Judged> {
    TARGETS.iter().map(|target| target.judge(report)).collect()
}

impl Target {
    fn judge(&self, report: &Report) -> Judged {
        let figures = report.row(self.ours).zip(report.row(self.theirs));
        let found = figures.map(|(ours, theirs)| (self.figure)(ours) / (self.figure)(theirs));
        Judged {
            what: self.what,
            most: self.most,
            found,
            // A negative ratio comes of noise, and shows nothing.
            holds: found.map(|ratio| (0.0..=self.most).contains(&ratio)),
        }
    }
}

/// The targets for a terminal.
pub(crate) fn lines(judged: &[Judged]) -> String {
    let lines = judged.iter().map(|it| {
        let found = it
            .found
            .map_or("-".to_owned(), |ratio| format!("{ratio:.3}"));
        let verdict = match it.holds {
            Some(true) => "holds",
            Some(false) => "MISSED",
            None => "not measured",
        };
        format!(
            "  {:<56}{found:>8}  of at most {:<6.3}  {verdict}",
            it.what, it.most
        )
    });
    let lines: Vec<_> = lines.collect();
    format!("\nTargets\n{}", lines.join("\n"))
}
