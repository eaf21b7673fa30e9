//! An installation that is not the one that is meant.

use serde_json::Value;

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// The directory is that of `ml`.
#[test]
fn an_installation_of_another_name_is_neither_changed_nor_taken_away() {
    let entry = objects::earlier_entry();
    let mut previous = objects::previous(&[(&entry, Value::Null)]);
    previous["data"]["installation"] = "staging".into();
    let world = World::with([entry, previous])
        .refusing("DELETE", "", 500, "it was deleted")
        .refusing("PATCH", "", 500, "it was changed");
    let mut operator = Operator::at(world).with_directory("none");
    for command in [
        "kfwasm apply ml --yes",
        "kfwasm apply ml --diff",
        "kfwasm migrate ml --cut-over --yes",
        "kfwasm keys rotate ml --yes",
        "kfwasm revoke ml --everybody --yes",
        "kfwasm uninstall ml --yes",
        "kfwasm migrate ml --back --yes",
    ] {
        let refused = operator.run(command);
        assert_eq!(refused.status.code(), Some(2), "{command}: {refused:?}");
    }
    Operator::is_recorded([operator], "of-others");
}
