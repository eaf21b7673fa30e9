use serde_json::{Value, json};

use super::{Finding, Mark};

/// A line for each finding, and below it what to do.
pub(crate) fn tree(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

/// The same for programs.
pub(crate) fn json(findings: &[Finding]) -> Value {
    json!({ "healthy": !is_anything_wrong(findings), "findings": findings })
}

pub(crate) fn is_anything_wrong(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.mark == Mark::Wrong)
}

fn line(finding: &Finding) -> String {
    let sign = match finding.mark {
        Mark::Good => '✓',
        Mark::Doubtful => '!',
        Mark::Wrong => '✗',
    };
    let Finding {
        rule, what, advice, ..
    } = finding;
    match advice.as_str() {
        "" => format!("{sign} {rule}: {what}\n"),
        advice => format!("{sign} {rule}: {what}\n    {advice}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubt_is_shown_and_is_not_a_failure() {
        let findings = [
            Finding::good("plugin", "it is there"),
            Finding::doubtful("certificate", "cannot be seen", "ask"),
        ];
        let wanted = "✓ plugin: it is there\n! certificate: cannot be seen\n    ask\n";
        assert_eq!(tree(&findings), wanted);
        assert_eq!(json(&findings).get("healthy"), Some(&true.into()));
    }
}
