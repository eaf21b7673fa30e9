//! The pages that people see.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kfwasm_config::{Brand, BrandName, Color, Logo, SupportUrl};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("../templates/page.css");
const SCRIPT: &str = include_str!("../templates/reload_top.js");

/// One page: what happened, what it means, and at most one thing to do.
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) message: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) action: Action<'a>,
    pub(crate) request_id: &'a str,
    /// The referrer policy of the page's links; empty for the header's, which is none.
    pub(crate) referrer: &'static str,
    pub(crate) script: &'static str,
}

/// How all pages of a gateway look.
pub(crate) struct Look {
    name: String,
    logo: String,
    support_url: String,
    style: String,
    /// The `content-security-policy` of all pages: their own style and script, by hash, pictures that are in them, and
    /// nothing else (CSP Level 3 §2.3.1).
    pub(crate) content_security_policy: String,
    /// The part of it that says what a page may load.
    sources: String,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Document<'a> {
    page: &'a Page<'a>,
    look: &'a Look,
}

/// The one thing to do on a page.
#[derive(Clone, Copy)]
pub(crate) enum Action<'a> {
    /// Nothing.
    None,
    /// Go to a path of this gateway.
    Link { label: &'a str, href: &'a str },
    /// Choose one of several paths of this gateway, each with its label.
    Choice(&'a [(String, &'a str)]),
    /// Go to a path of this gateway in the whole window, also from a page in a frame.
    LinkTop { label: &'a str, href: &'a str },
    /// Say yes or no, by a form that is posted to a path of this gateway, with a hidden text in it.
    Question { path: &'a str, hidden: &'a str },
    /// Copy a text.
    Copy { text: &'a str },
}

impl<'a> Page<'a> {
    pub(crate) fn new(title: &'a str, message: &'a str) -> Self {
        Self {
            title,
            message,
            detail: "",
            action: Action::None,
            request_id: "",
            referrer: "",
            script: "",
        }
    }

    /// The page that takes a frame's window to sign-in.
    pub(crate) fn frame() -> Self {
        Self {
            action: Action::LinkTop {
                label: "Sign in",
                href: "/",
            },
            script: SCRIPT,
            ..Self::new(
                "Your session has ended",
                "Sign in again to go on. The whole window is loaded anew for that.",
            )
        }
    }

    /// The page as HTML. Rendering into memory cannot fail; were it to, the page would be empty.
    pub(crate) fn html(&self, look: &Look) -> Vec<u8> {
        let document = Document { page: self, look };
        document.render().unwrap_or_default().into_bytes()
    }
}

impl Look {
    pub(crate) fn of(brand: &Brand) -> Self {
        let style = match &brand.accent_color {
            Some(color) => [STYLE, &accent(color)].concat(),
            None => STYLE.to_owned(),
        };
        let sources = sources(&style, brand.logo.is_some());
        Self {
            name: text(brand.name.as_ref().map(BrandName::as_str)),
            logo: text(brand.logo.as_ref().map(Logo::as_str)),
            support_url: text(brand.support_url.as_ref().map(SupportUrl::as_str)),
            content_security_policy: [
                &sources,
                "; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
            ]
            .concat(),
            sources,
            style,
        }
    }

    /// The policy of a page that no script can read, whose forms lead to these places (CSP Level 3 §6.3.2, §6.4.2.1).
    pub(crate) fn sandbox_policy(&self, form_targets: &[&str]) -> String {
        [
            &self.sources,
            "; sandbox allow-forms; form-action ",
            &form_targets.join(" "),
            "; base-uri 'none'; frame-ancestors 'none'",
        ]
        .concat()
    }
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

fn sources(style: &str, has_picture: bool) -> String {
    let picture = if has_picture { "; img-src data:" } else { "" };
    [
        "default-src 'none'; style-src '",
        &source_hash(style),
        "'; script-src '",
        &source_hash(SCRIPT),
        "'",
        picture,
    ]
    .concat()
}

fn accent(color: &Color) -> String {
    let on_accent = if is_dark(color) { "#fff" } else { "#000" };
    [
        ":root{--accent:",
        color.as_str(),
        ";--on-accent:",
        on_accent,
        "}",
    ]
    .concat()
}

/// Whether white is read better on the colour than black is: its relative luminance (WCAG 2.2) is at most 0.179, where both
/// have a contrast of 4.6. The squares stand for the powers of 2.4 of the definition, so that whole numbers do.
fn is_dark(color: &Color) -> bool {
    let [red, green, blue] = color.rgb().map(|it| u32::from(it).pow(2));
    let luminance = red
        .saturating_mul(2126)
        .saturating_add(green.saturating_mul(7152))
        .saturating_add(blue.saturating_mul(722));
    luminance <= WHITE / 1000 * 179
}

/// The luminance of white in that measure.
const WHITE: u32 = 255 * 255 * 10_000;

fn source_hash(text: &str) -> String {
    ["sha256-", &STANDARD.encode(Sha256::digest(text))].concat()
}

#[cfg(test)]
mod tests {
    use kfwasm_config::Color;

    use super::is_dark;

    #[test]
    fn the_text_on_a_button_is_the_one_that_is_read_better() {
        for (color, white) in [
            ("#000000", true),
            ("#0b57d0", true),
            ("#d00000", true),
            ("#6b6b6b", true),
            ("#8ab4f8", false),
            ("#ffd200", false),
            ("#00c000", false),
            ("#ffffff", false),
        ] {
            assert_eq!(is_dark(&Color::parse(color).unwrap()), white, "{color}");
        }
    }
}
