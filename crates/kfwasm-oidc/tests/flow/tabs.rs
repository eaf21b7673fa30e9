use crate::support::browser::Browser;
use crate::support::clock::MINUTE;
use crate::support::response::Response;
use crate::support::stage::{ALICE, Stage};

const TABS: [&str; 8] = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"];

#[test]
fn tabs_that_are_opened_all_at_once_all_sign_in() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let tabs = browser.open_at_once(&TABS);
    let forms: Vec<_> = tabs.into_iter().map(|it| browser.follow(it)).collect();

    for (path, form) in TABS.into_iter().zip(&forms) {
        let page = browser.enter_password(form, ALICE);
        assert_eq!((page.address.path.as_str(), page.user()), (path, ALICE));
    }
    assert!(browser.attempts().is_empty());
}

#[test]
fn tabs_that_are_opened_one_after_another_all_end_at_a_page() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let forms = open_one_by_one(&stage, &mut browser, &TABS);

    // The last five are remembered. The others end at the front page, if somebody signed in meanwhile.
    for (path, form) in TABS.into_iter().zip(&forms).rev() {
        let page = browser.enter_password(form, ALICE);
        let forgotten = TABS[..3].contains(&path);
        assert_eq!(page.address.path, if forgotten { "/" } else { path });
        assert_eq!(page.user(), ALICE);
    }
    assert!(browser.attempts().is_empty());
}

#[test]
fn a_browser_has_five_sign_ins_under_way_at_the_most() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    for count in 1..=TABS.len() {
        let known = browser.attempts();
        open_one_by_one(&stage, &mut browser, &TABS[count - 1..count]);

        assert_eq!(browser.attempts().len(), count.min(5));
        let dropped = known.iter().find(|it| !browser.attempts().contains(it));
        let oldest = known.first().filter(|_| count > 5);
        assert_eq!(dropped, oldest);
    }
}

#[test]
fn after_tabs_opened_at_once_the_next_sign_in_tidies_up() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    browser.open_at_once(&TABS);
    assert_eq!(browser.attempts().len(), 8);
    browser.open("/i");

    assert_eq!(browser.attempts().len(), 5);
}

#[test]
fn the_sign_in_that_was_dropped_ends_at_a_page_that_says_what_to_do() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let forms = open_one_by_one(&stage, &mut browser, &TABS[..6]);
    let page = browser.enter_password(&forms[0], ALICE);

    assert_eq!(page.status, 400);
    assert!(page.body.contains("This sign-in is not known here"));
    assert!(page.body.contains("href=\"/\""), "no way on: {}", page.body);
}

#[test]
fn a_sign_in_may_take_ten_minutes() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let form = browser.go("/katib/");
    stage.clock.advance(10 * MINUTE - 1);

    assert_eq!(browser.enter_password(&form, ALICE).address.path, "/katib/");
}

#[test]
fn a_sign_in_that_takes_longer_ends_at_a_page_that_says_so() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let form = browser.go("/katib/");
    let (name, value) = browser.attempts().remove(0);
    stage.clock.advance(10 * MINUTE + 1);
    // A browser drops the cookie by then; one whose clock is wrong does not.
    browser.plant(&name, &value);
    let page = browser.enter_password(&form, ALICE);

    assert_eq!(page.status, 400);
    assert!(page.body.contains("This sign-in took too long"));
    assert_eq!(page.cookies_deleted(), [name]);
}

#[test]
fn a_finished_sign_in_that_is_reloaded_leads_to_the_front_page() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    let form = browser.go("/katib/");
    let callback = browser.come_back(&form, ALICE);
    let page = browser.go(&callback.address.to_string());

    assert_eq!(page.address.to_string(), "https://kubeflow.example.com/");
    assert_eq!(page.user(), ALICE);
}

#[test]
fn the_cookie_of_a_sign_in_is_small() {
    let stage = Stage::new();
    let mut browser = stage.browser();

    browser.open("/pipeline/?ns=kubeflow-user-example-com#/runs");
    let (name, value) = browser.attempts().remove(0);
    assert!(name.len() + value.len() < 350);

    browser.open(&format!("/{}", "x".repeat(1_023)));
    let (name, value) = browser.attempts().remove(1);
    assert!(name.len() + value.len() < 1_700);
}

fn open_one_by_one(stage: &Stage, browser: &mut Browser, paths: &[&str]) -> Vec<Response> {
    let mut forms = Vec::new();
    for path in paths {
        forms.push(browser.go(path));
        stage.clock.advance(1);
    }
    forms
}
