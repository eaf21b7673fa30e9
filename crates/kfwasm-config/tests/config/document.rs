use kfwasm_config::Config;

/// A document as it is written, and every line of what is said about it.
const DOCUMENTS: [(&str, &str); 9] = [
    (
        "",
        "configuration: cannot be read as JSON: EOF while parsing a value at line 1 column 0\n    \
         correct it at that place",
    ),
    (
        "{\"publicHosts\": [}",
        "configuration: cannot be read as JSON: expected value at line 1 column 18\n    \
         correct it at that place",
    ),
    (
        "{} {}",
        "configuration: cannot be read as JSON: trailing characters at line 1 column 4\n    \
         correct it at that place",
    ),
    (
        "[]",
        "configuration: is a list, not an object\n    \
         write an object with at least providers and publicHosts",
    ),
    (
        "null",
        "configuration: is nothing (null), not an object\n    \
         write an object with at least providers and publicHosts",
    ),
    (
        "{}",
        "providers: is missing\n    \
         write a list of one provider with its issuer and clientId\n\
         publicHosts: is missing\n    \
         write the hosts that browsers name this gateway by, such as [\"kubeflow.example.com\"]",
    ),
    (
        r#"{"publicHosts": ["a.example"], "publicHosts": ["b.example"],
            "providers": [{"issuer": "https://a.example", "clientId": "a"}]}"#,
        "publicHosts: is written more than once\n    keep one of them",
    ),
    (
        r#"{"publicHosts": ["a.example"],
            "providers": [{"issuer": "https://a.example", "clientId": "a", "clientId": "a"}]}"#,
        "providers[0].clientId: is written more than once\n    keep one of them",
    ),
    (
        r#"{"publicHosts": ["a.example"],
            "providers": [{"issuer": "https://a.example", "clientId": "a",
                           "authorizationParameters": {"prompt": "login", "prompt": "none"}}]}"#,
        "providers[0].authorizationParameters.prompt: is written more than once\n    \
         keep one of them",
    ),
];

#[test]
fn a_document_that_is_no_json_object_or_says_things_twice_is_refused() {
    for (document, expected) in DOCUMENTS {
        let problems = Config::from_json(document.as_bytes()).unwrap_err();
        assert_eq!(problems.to_string(), expected, "{document}");
    }
}

#[test]
fn a_problem_tells_place_message_and_advice_apart() {
    let problems = Config::from_json(b"{}").unwrap_err();
    let first = problems.iter().next().unwrap();
    assert_eq!(first.path, "providers");
    assert_eq!(first.message, "is missing");
    assert_eq!(
        first.advice,
        "write a list of one provider with its issuer and clientId"
    );
    assert_eq!((&problems).into_iter().count(), 2);
}
