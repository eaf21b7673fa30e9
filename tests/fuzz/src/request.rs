//! The form of the fuzzer's input: a request's headers, and what the provider answers.

use kfwasm_oidc::callout::{CalloutError, HttpResponse};
use kfwasm_oidc::header_map;

/// What happens in one run. As text, so that seeds can be read and written: lines `name: value`, and, each behind an empty
/// line, answers of a status in the first line and a body in the others. A status that is no number is no answer.
pub(crate) struct Script {
    pub(crate) headers: Vec<u8>,
    pub(crate) answers: Vec<Result<HttpResponse, CalloutError>>,
}

impl Script {
    pub(crate) fn read(data: &[u8]) -> Self {
        let mut parts = split(data, b"\n\n").into_iter();
        let headers = parts.next().unwrap_or_default();
        let lines = headers.split(|byte| *byte == b'\n');
        let pairs: Vec<_> = lines.filter_map(|line| pair(line)).collect();
        Self {
            headers: header_map::encode(&pairs),
            answers: parts.map(answer).collect(),
        }
    }
}

fn pair(line: &[u8]) -> Option<(&[u8], &[u8])> {
    // The names of pseudo-headers begin with the separator.
    let colon = line.iter().skip(1).position(|byte| *byte == b':')? + 1;
    let (name, rest) = line.split_at_checked(colon)?;
    Some((name, rest.get(1..)?.trim_ascii_start()))
}

fn answer(part: &[u8]) -> Result<HttpResponse, CalloutError> {
    let mut lines = part.splitn(2, |byte| *byte == b'\n');
    let status = std::str::from_utf8(lines.next().unwrap_or_default()).ok();
    let status = status.and_then(|text| text.parse().ok());
    Ok(HttpResponse {
        status: status.ok_or(CalloutError::NoResponse)?,
        content_type: None,
        cache_control: None,
        body: lines.next().unwrap_or_default().to_vec(),
    })
}

/// The parts of `data` between `separator`.
pub(crate) fn split<'a>(mut data: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(place) = data.windows(separator.len()).position(|it| it == separator) {
        let (part, rest) = data.split_at(place);
        parts.push(part);
        data = rest.get(separator.len()..).unwrap_or_default();
    }
    parts.push(data);
    parts
}
