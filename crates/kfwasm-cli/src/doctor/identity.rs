use std::collections::BTreeMap;

use serde_json::Value;

use super::survey::items;
use super::{Finding, Survey};

/// Kubeflow compares owners letter by letter: two that differ in case alone are two people to it.
pub(super) fn owners(survey: &Survey) -> Finding {
    const RULE: &str = "users";
    if let Err(reason) = &survey.profiles {
        return Finding::unchecked(RULE, reason, "ask for the right to list Profiles");
    }
    let mut seen = BTreeMap::new();
    for user in users(survey) {
        let before = seen.insert(user.to_lowercase(), user);
        if let Some(before) = before.filter(|before| *before != user) {
            return Finding::wrong(
                RULE,
                format!("{before} and {user} differ in case alone, and are two people to Kubeflow"),
                "correct the owner of the Profile or the contributor, or write identity.lowerCase",
            );
        }
    }
    Finding::good(RULE, "no two users differ in case alone")
}

/// Where users are written in lower case, who is not so in Kubeflow is nobody.
pub(super) fn lower_case(survey: &Survey) -> Finding {
    const RULE: &str = "case";
    let Some(Ok(config)) = survey.config() else {
        return Finding::unchecked(RULE, "the plugin's configuration is not known", "");
    };
    if !config.identity.lower_case {
        return Finding::good(RULE, "users are named as the provider writes them");
    }
    let is_upper = |user: &&str| user.chars().any(char::is_uppercase);
    match users(survey).find(is_upper) {
        Some(user) => Finding::wrong(
            RULE,
            format!(
                "{user} is written in lower case by the filter, and cannot reach what is theirs"
            ),
            "write the owner of the Profile in lower case too",
        ),
        None => Finding::good(RULE, "owners are in lower case, as the filter writes users"),
    }
}

/// Owners of Profiles, and their contributors, whom KFAM names in an annotation.
fn users(survey: &Survey) -> impl Iterator<Item = &str> {
    let owners = items(&survey.profiles).filter_map(|it| it.pointer("/spec/owner/name"));
    let contributors =
        items(&survey.role_bindings).filter_map(|it| it.pointer("/metadata/annotations/user"));
    owners.chain(contributors).filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::Mark;

    fn mark_of(owners: &[&str]) -> Mark {
        let profile = |owner: &&str| json!({ "spec": { "owner": { "name": owner } } });
        let profiles: Vec<_> = owners.iter().map(profile).collect();
        let mut survey = Survey::of_nothing();
        survey.profiles = Ok(Some(json!({ "items": profiles })));
        super::owners(&survey).mark
    }

    #[test]
    fn owners_that_differ_in_case_alone_are_found() {
        assert_eq!(
            mark_of(&["alice@example.com", "Alice@example.com"]),
            Mark::Wrong
        );
    }

    #[test]
    fn one_person_may_own_several_profiles() {
        assert_eq!(
            mark_of(&["alice@example.com", "alice@example.com"]),
            Mark::Good
        );
    }

    #[test]
    fn what_may_not_be_read_is_not_checked() {
        let mut survey = Survey::of_nothing();
        survey.profiles = Err("forbidden".to_owned());
        assert_eq!(owners(&survey).mark, Mark::Unchecked);
    }

    #[test]
    fn a_contributor_who_differs_in_case_is_found() {
        let mut survey = Survey::of_nothing();
        survey.profiles = Ok(Some(
            json!({ "items": [{ "spec": { "owner": { "name": "alice@example.com" } } }] }),
        ));
        let annotations = json!({ "user": "Alice@example.com", "role": "edit" });
        survey.role_bindings = Ok(Some(
            json!({ "items": [{ "metadata": { "annotations": annotations } }] }),
        ));
        assert_eq!(owners(&survey).mark, Mark::Wrong);
    }
}
