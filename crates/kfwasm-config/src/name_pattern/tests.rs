use proptest::prelude::*;

use super::NamePattern;

fn replaced(pattern: &str, replacement: &str, text: &str) -> String {
    NamePattern::parse(pattern)
        .unwrap()
        .replace_all(text, replacement)
}

#[test]
fn everything_that_matches_is_replaced() {
    for (pattern, replacement, text, result) in [
        (r"@example\.com$", "", "alice@example.com", "alice"),
        (
            r"@example\.com$",
            "",
            "alice@example.com.evil.example",
            "alice@example.com.evil.example",
        ),
        (
            r"@example\.com$",
            "",
            "alice@exampleXcom",
            "alice@exampleXcom",
        ),
        ("^live[.]com#", "", "live.com#alice", "alice"),
        ("^live[.]com#", "", "alice-live.com#", "alice-live.com#"),
        ("^a", "", "aaa", "aa"),
        (
            r"\+[^@]*@",
            "@",
            "alice+jobs@example.com",
            "alice@example.com",
        ),
        ("[A-Z]+", "x", "AliceBOB", "xlicex"),
        ("o", "0", "foo.boo", "f00.b00"),
        ("a*b", "-", "aaabab", "--"),
        ("a.*c", "-", "xabcabcx", "x-x"),
        ("ab?c", "-", "acabcabbc", "--abbc"),
        ("x*", "-", "aa", "aa"),
        (r"\$$", "", "cash$", "cash"),
        (r"a\$", "", "a$b", "b"),
        ("[a-]", "", "a-b", "b"),
    ] {
        assert_eq!(
            replaced(pattern, replacement, text),
            result,
            "{pattern} {text}"
        );
    }
}

#[test]
fn a_pattern_matches_a_part_unless_it_names_the_ends() {
    for (pattern, text, matches) in [
        ("^kubeflow-", "kubeflow-admins", true),
        ("^kubeflow-", "not-kubeflow-admins", false),
        ("-admins$", "kubeflow-admins", true),
        ("-admins$", "kubeflow-admins-2", false),
        ("^team-.*-ml$", "team-a-ml", true),
        ("^team-.*-ml$", "team-a-mlops", false),
        ("flow", "kubeflow-admins", true),
        ("x*", "", true),
        ("x", "", false),
    ] {
        let pattern = NamePattern::parse(pattern).unwrap();
        assert_eq!(pattern.matches(text), matches, "{pattern:?} {text}");
    }
}

#[test]
fn what_is_not_known_here_is_refused() {
    for pattern in [
        "", "(a)", "a|b", "a{2}", r"\d", r"a\", "[a", "[]", "[z-a]", r"[\w]", "*a", "a**", "a^b",
        "a$b", "a]", "é",
    ] {
        assert!(NamePattern::parse(pattern).is_err(), "{pattern}");
    }
    assert!(NamePattern::parse(&"a".repeat(129)).is_err());
}

/// The patterns that bring other engines to their knees.
#[test]
fn no_pattern_is_slow() {
    let pattern = "a*".repeat(60) + "b";
    assert_eq!(replaced(&pattern, "", &"a".repeat(256)), "a".repeat(256));
}

proptest! {
    // The other engine takes its time to read a pattern.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_pattern_and_no_text_make_it_panic(pattern in ".{0,20}", text in "[ -~]{0,40}") {
        if let Ok(pattern) = NamePattern::parse(&pattern) {
            pattern.replace_all(&text, "x");
        }
    }

    /// Where the other engine agrees that it is a pattern, it finds the same.
    #[test]
    fn it_does_as_the_regex_crate_does(
        pattern in r"\^?([ab.]|\[ab\]|\[\^a\]|\\\.)[*+?]?([ab.]|\[ab\])[*+?]?\$?",
        text in "[ab.c]{0,12}",
    ) {
        let theirs = regex::Regex::new(&pattern).unwrap();
        // An empty match replaces nothing here.
        prop_assume!(!theirs.find_iter(&text).any(|found| found.is_empty()));
        let ours = NamePattern::parse(&pattern).unwrap();
        prop_assert_eq!(ours.matches(&text), theirs.is_match(&text));
        prop_assert_eq!(ours.replace_all(&text, "-"), theirs.replace_all(&text, "-"));
    }
}
