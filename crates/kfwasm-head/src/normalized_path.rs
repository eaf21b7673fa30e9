//! The one reading of a path.

/// A path as the rules see it: without query, and with every character that a segment may hold as it is (RFC 3986 §3.3)
/// decoded. That is more than the unreserved ones of §6.2.2.2: to an upstream `%40` and `@` are one, so they are to a rule,
/// which can be written in one way only (`kfwasm_config::AbsolutePath`).
///
/// There is none for an ambiguous path, one that the gateway and an upstream could read differently: an encoded slash,
/// backslash, NUL, percent sign, question mark or hash, a backslash, dot segments, an empty segment, a path parameter
/// (`;`), or bytes that do not belong into a path. Such a path matches no rule and no endpoint, so that it needs a session.
#[derive(Debug, PartialEq, Eq)]
pub struct NormalizedPath<'a>(Text<'a>);

#[derive(Debug, PartialEq, Eq)]
enum Text<'a> {
    AsSent(&'a str),
    Decoded(String),
}

impl<'a> NormalizedPath<'a> {
    /// Reads a path without query; `None` when it is ambiguous.
    #[must_use]
    #[inline(never)]
    pub fn of(path: &'a [u8]) -> Option<Self> {
        let marks = Marks::of(path.strip_prefix(b"/")?)?;
        let sent = core::str::from_utf8(path).ok()?;
        let text = match marks.percent {
            true => Text::Decoded(decode(sent)?),
            false => Text::AsSent(sent),
        };
        let path = Self(text);
        // What is encoded may be a dot.
        let has_dots = marks.dot || marks.percent;
        (!has_dots || path.segments_are_plain()).then_some(path)
    }

    /// The path as rules write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::AsSent(text) => text,
            Text::Decoded(text) => text,
        }
    }

    /// No dot segments (RFC 3986 §5.2.4).
    fn segments_are_plain(&self) -> bool {
        self.segments().all(|it| it != "." && it != "..")
    }

    /// What stands between its slashes.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.as_str().split('/').skip(1)
    }
}

/// What stands in a path, found in one pass: that is done for every request.
#[derive(Default)]
struct Marks {
    percent: bool,
    dot: bool,
}

impl Marks {
    /// Looks at a path behind its first slash; `None` when a byte makes it ambiguous, or when a segment is empty that is not
    /// the last. What is decoded later is none of these.
    fn of(rest: &[u8]) -> Option<Self> {
        let (mut marks, mut last) = (Self::default(), b'/');
        for byte in rest {
            match byte {
                b'/' if last == b'/' => return None,
                b'\\' | b';' | b'#' => return None,
                b'%' => marks.percent = true,
                b'.' => marks.dot = true,
                _ if byte.is_ascii_graphic() => {}
                _ => return None,
            }
            last = *byte;
        }
        Some(marks)
    }
}

/// Decodes what may be written either way, and refuses what must not be there in any way.
fn decode(path: &str) -> Option<String> {
    let mut pieces = path.split('%');
    let mut decoded = String::from(pieces.next()?);
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        let byte = decode_hexadecimal(digits)?;
        match byte {
            b'/' | b'\\' | b'%' | b';' | b'?' | b'#' | 0..=0x1F | 0x7F.. => return None,
            _ if is_segment_byte(byte) => decoded.push(char::from(byte)),
            _ => {
                decoded.push('%');
                decoded.push_str(digits);
            }
        }
        decoded.push_str(rest);
    }
    Some(decoded)
}

/// RFC 3986 §3.3: `pchar`, but for `;`, which makes a path ambiguous.
fn is_segment_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte)
}

fn decode_hexadecimal(digits: &str) -> Option<u8> {
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hexadecimal.then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::NormalizedPath;

    #[test]
    fn what_a_segment_may_hold_reads_the_same_either_way() {
        for (sent, read) in [
            ("/", "/"),
            ("/public/a.css", "/public/a.css"),
            ("/%70ublic", "/public"),
            ("/a%20b%7C", "/a%20b%7C"),
            ("/%40a/%21%24%26%27%28%29", "/@a/!$&'()"),
            ("/%2A%2B%2C%3D%3A%2a", "/*+,=:*"),
            ("/a/", "/a/"),
            ("/.well-known/x", "/.well-known/x"),
        ] {
            let path = NormalizedPath::of(sent.as_bytes());
            assert_eq!(path.as_ref().map(NormalizedPath::as_str), Some(read));
        }
    }

    #[test]
    fn an_ambiguous_path_has_no_reading() {
        for sent in [
            "",
            "*",
            "public",
            "//public",
            "/a//b",
            "/public/../x",
            "/public/%2e%2e/x",
            "/./public",
            "/public/.",
            "/public%2fx",
            "/public%5Cx",
            "/public\\x",
            "/public%00",
            "/public%",
            "/public%zz",
            "/public%+1",
            "/public%252e",
            "/public;x",
            "/public%3Bx",
            "/public%3Fx",
            "/public%23x",
            "/public#x",
            "/public x",
            "/p\u{fc}blic",
        ] {
            assert_eq!(NormalizedPath::of(sent.as_bytes()), None, "{sent}");
        }
        assert_eq!(NormalizedPath::of(b"/public/\xff"), None);
    }
}
