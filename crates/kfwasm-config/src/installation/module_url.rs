use crate::refusal::Refusal;

/// Where the gateway gets the module from: `oci://`, `https://` or `http://`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleUrl(String);

const SCHEMES: [&str; 3] = ["oci://", "https://", "http://"];
const LONGEST: usize = 2048;

impl ModuleUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// When Istio could not fetch a module from it.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let rest = SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme));
        match rest {
            Some(rest) if is_place(rest) && text.len() <= LONGEST => Ok(Self(text.to_owned())),
            Some(_) => Err(Refusal::quoting(
                text,
                "names no host and path",
                "write it whole, such as oci://registry.example.com/kfwasm:0.1.0",
            )),
            None => Err(Refusal::quoting(
                text,
                "does not begin with oci://, https:// or http://",
                "write where the gateway gets the module from, or leave it out: then it is a file from a ConfigMap",
            )),
        }
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_place(rest: &str) -> bool {
    let host_and_path = rest.split_once('/');
    let graphic = rest.bytes().all(|byte| byte.is_ascii_graphic());
    graphic && host_and_path.is_some_and(|(host, path)| !host.is_empty() && !path.is_empty())
}

/// The SHA-256 digest of what is fetched, in 64 hexadecimal digits: of the module, or of an image's manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sha256(String);

impl Sha256 {
    /// Reads a digest.
    ///
    /// # Errors
    /// When it is no digest.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 64 && text.bytes().all(digit) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a SHA-256 digest",
            "write 64 hexadecimal digits in lower case, as `kfwasm push` prints them",
        ))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
