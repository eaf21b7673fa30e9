use serde_json::{Value, json};

use super::{Finding, Mark};

/// A branch for each chapter, a line for each finding, and below it what to do.
pub(crate) fn tree(findings: &[Finding]) -> String {
    let chapters = findings.chunk_by(|one, other| one.chapter == other.chapter);
    let branch = |findings: &[Finding]| {
        let title = findings.first().map_or("", |finding| finding.chapter);
        let lines: String = findings.iter().map(line).collect();
        format!("{title}\n{lines}")
    };
    chapters.map(branch).collect::<String>() + &summary(findings)
}

/// The same for programs.
pub(crate) fn json(findings: &[Finding]) -> Value {
    json!({ "healthy": !is_anything_wrong(findings), "findings": findings })
}

pub(crate) fn is_anything_wrong(findings: &[Finding]) -> bool {
    count(findings, Mark::Wrong) > 0
}

/// Whether nobody was let look at anything, which says nothing of what is there.
pub(crate) fn is_nothing_seen(findings: &[Finding]) -> bool {
    count(findings, Mark::Unchecked) == findings.len()
}

fn count(findings: &[Finding], mark: Mark) -> usize {
    findings
        .iter()
        .filter(|finding| finding.mark == mark)
        .count()
}

fn summary(findings: &[Finding]) -> String {
    let of = |mark, words: &str| match count(findings, mark) {
        0 => String::new(),
        number => format!(", {number} {words}"),
    };
    format!(
        "\n{} as it should be{}{}{}\n",
        count(findings, Mark::Good),
        of(Mark::Wrong, "wrong"),
        of(Mark::Doubtful, "to look at"),
        of(Mark::Unchecked, "not checked"),
    )
}

fn line(finding: &Finding) -> String {
    let sign = match finding.mark {
        Mark::Good => '✓',
        Mark::Doubtful | Mark::Unchecked => '!',
        Mark::Wrong => '✗',
    };
    let Finding {
        rule, what, advice, ..
    } = finding;
    match advice.as_str() {
        "" => format!("  {sign} {rule}: {what}\n"),
        advice => format!("  {sign} {rule}: {what}\n      {advice}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubt_is_shown_and_is_not_a_failure() {
        let of = |chapter, finding| Finding { chapter, ..finding };
        let findings = [
            of("Filter", Finding::good("plugin", "it is there")),
            of(
                "Certificate",
                Finding::unchecked("names", "no right to", "ask"),
            ),
        ];
        let wanted = "Filter\n  ✓ plugin: it is there\nCertificate\n  ! names: not checked: no right to\n      ask\n\n\
                      1 as it should be, 1 not checked\n";
        assert_eq!(tree(&findings), wanted);
        assert_eq!(json(&findings).get("healthy"), Some(&true.into()));
    }
}
