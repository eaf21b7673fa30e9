//! Whose sessions cannot be ended, because nothing is there or may be changed.

use std::fs;

use serde_json::json;

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

const EVERYBODY: &str = "kfwasm revoke ml --everybody --yes";

fn unchanging(world: World) -> Operator {
    let world = world.refusing("PATCH", "", 500, "it was changed");
    Operator::at(world).with_directory("none")
}

/// What would be applied is a filter with no more in it than what is revoked.
#[test]
fn sessions_are_revoked_only_where_the_filter_is() {
    let empty = World::with([objects::deployment(), objects::service()]);
    let forbidden = World::with([objects::plugin(json!({}))]);
    let forbidden = forbidden.refusing("POST", "selfsubjectaccessreviews", 403, "may not ask");
    let operators = [empty, forbidden].map(|world| {
        let mut operator = unchanging(world);
        let file = operator.folder().join("ml/kfwasm.yaml");
        let before = fs::read_to_string(&file).unwrap();
        let refused = operator.run(EVERYBODY);
        assert!(!refused.status.success(), "{refused:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), before);
        operator
    });
    Operator::is_recorded(operators, "not-revoked");
}
