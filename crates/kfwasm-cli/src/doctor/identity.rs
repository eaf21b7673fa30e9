use std::collections::BTreeMap;

use serde_json::Value;

use super::survey::items;
use super::{Finding, Survey};

/// Kubeflow compares owners letter by letter: two that differ in case alone are two people to it.
pub(super) fn owners(survey: &Survey) -> Finding {
    const RULE: &str = "profiles";
    let mut seen = BTreeMap::new();
    let owners = items(&survey.profiles).filter_map(|it| it.pointer("/spec/owner/name"));
    for owner in owners.filter_map(Value::as_str) {
        let before = seen.insert(owner.to_lowercase(), owner);
        if let Some(before) = before.filter(|before| *before != owner) {
            let what = format!("the owners {before} and {owner} differ in case alone");
            return Finding::wrong(
                RULE,
                what,
                "correct spec.owner.name of one of their Profiles",
            );
        }
    }
    match &survey.profiles {
        Err(reason) => {
            Finding::doubtful(RULE, reason.as_str(), "ask for the right to list Profiles")
        }
        Ok(_) => Finding::good(RULE, "no two owners differ in case alone"),
    }
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
    fn what_may_not_be_read_is_a_doubt() {
        let mut survey = Survey::of_nothing();
        survey.profiles = Err("forbidden".to_owned());
        assert_eq!(owners(&survey).mark, Mark::Doubtful);
    }
}
