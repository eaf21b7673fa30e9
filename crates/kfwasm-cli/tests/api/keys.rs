//! Secrets that are missing, or are not where somebody says.

use serde_json::json;

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

fn world() -> World {
    World::with([objects::deployment(), objects::service()])
}

#[test]
fn a_secret_that_nobody_has_is_asked_for() {
    let mut nowhere = Operator::at(world())
        .with_directory("none")
        .without_secret();
    nowhere.run("kfwasm apply ml --yes");
    nowhere.run("kfwasm apply ml --yes --secret KFWASM_CLIENT_SECRET=no-such-file");
    nowhere.run("kfwasm apply ml --yes --secret a-secret-in-clear");
    Operator::is_recorded([nowhere], "secrets");
}

#[test]
fn keys_are_rotated_where_there_are_some() {
    let mut without_secret = Operator::at(world()).with_directory("none");
    without_secret.run("kfwasm keys rotate ml --yes");
    let mut without_keys =
        Operator::at(World::with([objects::secret("kfwasm", json!({}))])).with_directory("none");
    without_keys.run("kfwasm keys rotate ml --yes");
    Operator::is_recorded([without_secret, without_keys], "keys");
}
