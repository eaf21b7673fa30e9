/// What a browser sends besides its cookies when a page asks an API.
const HEADERS: [(&str, &str); 11] = [
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    ),
    ("accept", "application/json, text/plain, */*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.9"),
    ("referer", "http://localhost/_/pipeline/?ns=team-a"),
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"156\", \"Not(A:Brand\";v=\"24\"",
    ),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", "\"Linux\""),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];
/// Cookies that are none of the gateway's.
const FOREIGN_COOKIES: &str = "_xsrf=2|c3a7e1f4|9d1f0b6ad3c5478e|1763970000; theme=dark";

/// A request of a browser with these cookies beside the foreign ones.
pub(crate) fn request(authority: &str, cookies: &str) -> Vec<u8> {
    let separator = if cookies.is_empty() { "" } else { "; " };
    request_with(
        authority,
        &[("cookie", &format!("{FOREIGN_COOKIES}{separator}{cookies}"))],
    )
}

/// A request of a program with this token, and with as many headers as a browser's.
pub(super) fn bearer_request(authority: &str, token: &str) -> Vec<u8> {
    let cookies = ("cookie", FOREIGN_COOKIES);
    request_with(
        authority,
        &[cookies, ("authorization", &format!("Bearer {token}"))],
    )
}

/// A request of a browser with these headers beside the usual ones.
pub(crate) fn request_with(authority: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let headers = HEADERS.iter().chain(more);
    let lines = headers.map(|(name, value)| format!("{name}: {value}\r\n"));
    let lines: String = lines.collect();
    let line = "GET /pipeline/apis/v2beta1/runs?page_size=10&namespace=team-a HTTP/1.1";
    format!("{line}\r\nhost: {authority}\r\n{lines}\r\n").into_bytes()
}
