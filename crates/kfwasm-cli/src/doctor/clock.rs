use hyper::header::DATE;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use kfwasm_config::Provider;

use super::survey::Answered;
use super::{Finding, Survey};
use crate::probe::Asked;

/// Tokens are neither from the future nor stale: the clocks of each provider and of the gateway agree (OIDC Core §3.1.3.7 (9, 10)).
pub(super) fn skew(survey: &Survey) -> Finding {
    const RULE: &str = "clock";
    let config = survey.config().and_then(Result::ok);
    let providers = config.map(|config| config.providers).unwrap_or_default();
    let gateway = survey.answer(Asked::Script).and_then(time);
    let known = |(provider, answer): (&Provider, &Answered)| {
        let apart = gateway?.as_second().abs_diff(time(answer)?.as_second());
        Some((apart, provider.clock_skew.as_secs()))
    };
    let each = providers.iter().zip(&survey.discoveries);
    // Half of what is allowed is left for the network, and for the next weeks.
    let worst = each
        .filter_map(known)
        .max_by_key(|(apart, allowed)| apart * 300 / allowed.max(&1));
    match worst {
        None => Finding::unchecked(
            RULE,
            "gateway and provider did not both say what time it is",
            "",
        ),
        Some((apart, allowed)) if apart > allowed => Finding::wrong(
            RULE,
            format!("the clocks of gateway and provider are {apart} s apart"),
            "set the clocks of the nodes by NTP; clockSkew of the provider allows up to 300s",
        ),
        Some((apart, allowed)) if apart * 2 > allowed => Finding::doubtful(
            RULE,
            format!("the clocks of gateway and provider are {apart} s apart"),
            "set the clocks of the nodes by NTP before it is more",
        ),
        Some(_) => Finding::good(RULE, "gateway and provider agree about the time"),
    }
}

/// By its `Date` header (RFC 9110 §6.6.1).
fn time(answered: &Answered) -> Option<Timestamp> {
    let answer = answered.as_ref().ok()?;
    let parser = DateTimeParser::new();
    parser.parse_timestamp(answer.header(DATE)).ok()
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use hyper::header::HeaderValue;

    use super::*;
    use crate::probe::Answer;

    #[test]
    fn a_date_header_is_read() {
        let mut headers = HeaderMap::new();
        let date = HeaderValue::from_static("Thu, 26 Nov 2026 03:15:00 GMT");
        headers.insert(DATE, date);
        let answer = Answer {
            headers,
            ..Answer::default()
        };
        let wanted = "2026-11-26T03:15:00Z".parse().ok();
        assert_eq!(time(&Ok(answer)), wanted);
    }
}
