use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::support::browser::Browser;
use crate::support::stage::Stage;

/// 60 characters.
const LONG_NAME: &str = "maximiliane.von-und-zu-musterhausen@research.example-corp.eu";
/// 43 characters of base64url, as Entra's subjects are.
const SUBJECT: &str = "AAAAAAAAAAAAAAAAAAAAAHkZhV9Xxz0PZV2uYOX-2sQ";
const SID: &str = "00a1b2c3-0f8f-4d5b-9cb4-69f1a1657086";

/// A random GUID (RFC 9562 §5.4), but always the same one.
fn guid(number: usize) -> String {
    let hash = Sha256::digest(number.to_be_bytes());
    let mut digits: Vec<char> = hash[..16].iter().flat_map(|it| hex(*it)).collect();
    digits[12] = '4';
    digits[16] = ['8', '9', 'a', 'b'][usize::from(hash[20]) % 4];
    for place in [20, 16, 12, 8] {
        digits.insert(place, '-');
    }
    digits.into_iter().collect()
}

fn hex(byte: u8) -> Vec<char> {
    format!("{byte:02x}").chars().collect()
}

/// Somebody with a long name, who is in so many groups.
fn member_of(groups: usize) -> (Stage, Browser) {
    let stage = Stage::new();
    let groups: Vec<String> = (0..groups).map(guid).collect();
    stage.provider.claims("groups", json!(groups));
    stage.provider.claims("email", LONG_NAME);
    stage.provider.claims("sub", SUBJECT);
    stage.provider.claims("sid", SID);
    let mut browser = stage.browser();
    let page = browser.sign_in("/");
    assert_eq!(page.user(), LONG_NAME, "{}", page.report);
    (stage, browser)
}

/// What browsers count: name and value (RFC 6265bis §5.6).
fn size(browser: &Browser) -> usize {
    "authservice_session".len() + browser.session_cookie().len()
}

#[test]
fn two_hundred_groups_of_entra_fit_into_one_cookie() {
    let (_stage, mut browser) = member_of(200);

    let upstream = browser.open("/").upstream.unwrap();

    let size = size(&browser);
    assert!(size <= 4096, "{size}");
    let mut groups: Vec<&str> = upstream.text("kubeflow-groups").split(',').collect();
    let mut expected: Vec<String> = (0..200).map(guid).collect();
    groups.sort_unstable();
    expected.sort_unstable();
    assert_eq!(groups, expected);
}

#[test]
fn a_session_without_groups_takes_at_most_400_bytes() {
    let (_stage, browser) = member_of(0);

    let size = size(&browser);

    assert!(size <= 400, "{size}");
}

#[test]
fn a_session_with_twenty_groups_takes_at_most_900_bytes() {
    let (_stage, browser) = member_of(20);

    let size = size(&browser);

    assert!(size <= 900, "{size}");
}

/// Base64url is copied by a double click and needs no quotes anywhere.
#[test]
fn a_cookie_is_written_in_letters_and_digits_as_long_as_it_fits_so() {
    for groups in [0, 20, 150] {
        let (_stage, browser) = member_of(groups);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        assert!(browser.session_cookie().bytes().all(plain), "{groups}");
    }
}

#[test]
fn somebody_in_a_thousand_groups_signs_in_where_few_of_them_count() {
    let stage = Stage::with(json!({
        "identity": {"groupFilter": {"names": [guid(7)], "patterns": ["^kubeflow-", "-admins$"]}},
        "access": [{"groups": [guid(8)]}],
    }));
    let named = ["kubeflow-users", "ml-admins", "not-kubeflow-users", "a,b"].map(str::to_owned);
    let groups: Vec<String> = (0..1000).map(guid).chain(named).collect();
    stage.provider.claims("groups", json!(groups));

    let page = stage.browser().sign_in("/");

    let mut expected = [guid(7), guid(8)];
    expected.sort_unstable();
    assert_eq!(
        page.upstream.unwrap().text("kubeflow-groups"),
        ["kubeflow-users,ml-admins", &expected[0], &expected[1]].join(",")
    );
}

#[test]
fn a_filter_without_names_keeps_the_groups_of_access_rules_alone() {
    let stage = Stage::with(json!({
        "identity": {"groupFilter": {}},
        "access": [{"prefix": "/katib", "groups": ["data-science"]}],
    }));

    let mut browser = stage.signed_in();
    let page = browser.open("/katib/");

    assert_eq!(
        page.upstream.unwrap().text("kubeflow-groups"),
        "data-science"
    );
}
