use crate::endpoint_url::EndpointUrl;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// How the pages look that people see at the gateway itself: errors, signed out, and their like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Brand {
    /// The name above the title of each page.
    pub name: Option<BrandName>,
    /// The picture beside the name.
    pub logo: Option<Logo>,
    /// The colour of buttons. The text on them is black or white, whichever is read better.
    pub accent_color: Option<Color>,
    /// Where somebody who is stuck finds help.
    pub support_url: Option<SupportUrl>,
}

text_type! {
    /// A name of people's own: any text without control characters.
    BrandName,
    pattern "^[^\\p{Cc}]+$",
    longest 64
}

text_type! {
    /// A picture as a `data:` URL (RFC 2397): PNG, JPEG, WebP or SVG in base64. Pages load nothing
    /// from elsewhere.
    Logo,
    pattern "^data:image/(png|jpeg|webp|svg[+]xml);base64,[A-Za-z0-9+/]+=*$",
    longest 32768
}

text_type! {
    /// A colour as `#rrggbb`.
    Color,
    pattern "^#[0-9A-Fa-f]{6}$",
    longest 7
}

text_type! {
    /// A page by `https://`, or an address by `mailto:` (RFC 6068).
    SupportUrl,
    pattern "^(https://|mailto:).+$",
    longest 2048
}

impl Brand {
    pub(crate) fn read(mut object: Object<'_>) -> Self {
        let brand = Self {
            name: object.optional("name", &BrandName::parse).into_option(),
            logo: object.optional("logo", &Logo::parse).into_option(),
            accent_color: object.optional("accentColor", &Color::parse).into_option(),
            support_url: object
                .optional("supportUrl", &SupportUrl::parse)
                .into_option(),
        };
        object.finish();
        brand
    }
}

impl BrandName {
    /// Reads a name.
    ///
    /// # Errors
    /// When it is empty, longer than 64 bytes, or has control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text) && !text.contains(char::is_control) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a name for pages",
            "write 1 to 64 bytes, such as Example Data Platform",
        ))
    }
}

impl Logo {
    const KINDS: [&str; 4] = [
        "data:image/png;base64,",
        "data:image/jpeg;base64,",
        "data:image/webp;base64,",
        "data:image/svg+xml;base64,",
    ];

    /// Reads a `data:` URL.
    ///
    /// # Errors
    /// When it is longer than 32 KiB, of another kind, or not base64.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let content = Self::KINDS.iter().find_map(|it| text.strip_prefix(it));
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let fits = content.is_some_and(|it| {
            let digits = it.trim_end_matches('=');
            !digits.is_empty() && digits.bytes().all(base64)
        });
        if fits && Self::fits(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::of(
            "is not a picture that pages can hold",
            "write data:image/png;base64, and the picture in base64, 32 KiB at most; PNG, JPEG, WebP and SVG are known",
        ))
    }
}

impl Color {
    /// Reads a colour.
    ///
    /// # Errors
    /// When it is not `#` and six hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if Self::fits(text)
            && digits.len() == 6
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not a colour",
            "write # and six hexadecimal digits, such as #0b57d0",
        ))
    }

    /// The shares of red, green and blue.
    pub fn rgb(&self) -> [u8; 3] {
        let digits = self.0.trim_start_matches('#');
        let number = u32::from_str_radix(digits, 16).unwrap_or_default();
        let [_, red, green, blue] = number.to_be_bytes();
        [red, green, blue]
    }
}

impl SupportUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// When it is neither `https://` nor `mailto:`, or no URL.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if let Some(address) = text.strip_prefix("mailto:") {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@.-_+%?=&".contains(&byte);
            if Self::fits(text) && address.contains('@') && address.bytes().all(plain) {
                return Ok(Self(text.to_owned()));
            }
        } else if EndpointUrl::parse(text, false).is_ok() {
            return Ok(Self(text.to_owned()));
        }
        Err(Refusal::quoting(
            text,
            "is not where help can be found",
            "write https:// and a page, or mailto: and an address",
        ))
    }
}
