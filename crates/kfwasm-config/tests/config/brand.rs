use serde_json::json;

use crate::sample::{Case, assert_each, good, read};

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgo=";

#[test]
fn pages_carry_the_brand_of_their_operator() {
    let mut document = good();
    document["brand"] = json!({
        "name": "Data Platform – Zürich",
        "logo": PIXEL,
        "accentColor": "#0B57d0",
        "supportUrl": "mailto:help@example.com",
    });
    let brand = read(&document).brand;
    assert_eq!(brand.name.unwrap().as_str(), "Data Platform – Zürich");
    assert_eq!(brand.logo.unwrap().as_str(), PIXEL);
    assert_eq!(brand.accent_color.unwrap().rgb(), [0x0b, 0x57, 0xd0]);
    assert_eq!(
        brand.support_url.unwrap().as_str(),
        "mailto:help@example.com"
    );
}

#[test]
fn a_brand_that_would_change_the_page_is_refused() {
    const LOGO: &str = "brand.logo: is not a picture that pages can hold\n    write data:image/png;base64, and the picture in base64, 32 KiB at most; PNG, JPEG, WebP and SVG are known";
    assert_each(&[
        Case {
            at: "/brand/name",
            written: r#""a\nb""#,
            said: &[
                "brand.name: \"a\\u{a}b\" is not a name for pages\n    write 1 to 64 bytes, such as Example Data Platform",
            ],
        },
        Case {
            at: "/brand/logo",
            written: r#""https://example.com/logo.png""#,
            said: &[LOGO],
        },
        Case {
            at: "/brand/logo",
            written: r#""data:text/html;base64,AAAA""#,
            said: &[LOGO],
        },
        Case {
            at: "/brand/logo",
            written: r#""data:image/png;base64,AA=AA""#,
            said: &[LOGO],
        },
        Case {
            at: "/brand/accentColor",
            written: r#""red;}""#,
            said: &[
                "brand.accentColor: \"red;}\" is not a colour\n    write # and six hexadecimal digits, such as #0b57d0",
            ],
        },
        Case {
            at: "/brand/accentColor",
            written: r#""0b57d0""#,
            said: &[
                "brand.accentColor: \"0b57d0\" is not a colour\n    write # and six hexadecimal digits, such as #0b57d0",
            ],
        },
        Case {
            at: "/brand/supportUrl",
            written: r#""javascript:alert(1)""#,
            said: &[
                "brand.supportUrl: \"javascript:alert(1)\" is not where help can be found\n    write https:// and a page, or mailto: and an address",
            ],
        },
        Case {
            at: "/brand/supportUrl",
            written: r#""http://example.com""#,
            said: &[
                "brand.supportUrl: \"http://example.com\" is not where help can be found\n    write https:// and a page, or mailto: and an address",
            ],
        },
        Case {
            at: "/brand/color",
            written: r##""#000000""##,
            said: &[
                "brand.color: is no field that exists here\n    accepted here: name, logo, accentColor, supportUrl",
            ],
        },
    ]);
}
