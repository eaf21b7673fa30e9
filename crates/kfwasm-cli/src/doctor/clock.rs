use hyper::header::DATE;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::survey::Answered;
use super::{Finding, Survey};
use crate::probe::Asked;

/// Tokens are neither from the future nor stale: the clocks of provider and gateway agree (OIDC Core §3.1.3.7 (9, 10)).
pub(super) fn skew(survey: &Survey) -> Finding {
    const RULE: &str = "clock";
    let config = survey.config().and_then(Result::ok);
    let Some(provider) = config.as_ref().and_then(|config| config.providers.first()) else {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    };
    let gateway = survey.answer(Asked::Script).and_then(time);
    let (Some(gateway), Some(at_provider)) = (gateway, time(&survey.discovery)) else {
        let why = "gateway and provider did not both say what time it is";
        return Finding::unchecked(RULE, why, "");
    };
    let apart = gateway.as_second().abs_diff(at_provider.as_second());
    // Half of what is allowed is left for the network, and for the next weeks.
    match apart {
        _ if apart > provider.clock_skew.as_secs() => Finding::wrong(
            RULE,
            format!("the clocks of gateway and provider are {apart} s apart"),
            "set the clocks of the nodes by NTP; providers[0].clockSkew allows up to 300s",
        ),
        _ if apart * 2 > provider.clock_skew.as_secs() => Finding::doubtful(
            RULE,
            format!("the clocks of gateway and provider are {apart} s apart"),
            "set the clocks of the nodes by NTP before it is more",
        ),
        _ => Finding::good(RULE, "gateway and provider agree about the time"),
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
