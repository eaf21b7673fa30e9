//! What going back to what was there before kfwasm would come to.

use super::applied::applied;
use super::difference;
use super::previous::{Previous, Touched};
use super::stale::given_back;
use super::undo::{is_made_anew, is_secret_elsewhere, managed};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::object::Object;

/// What would be different, as a unified diff, in the order in which it would.
pub(crate) async fn difference_of_going_back(
    cluster: &Cluster,
    previous: &Previous,
) -> Result<String, Failure> {
    let removed = previous.touched.iter().filter(|it| it.ours.is_none());
    let mut differences = String::new();
    for touched in removed.filter(|it| is_made_anew(it, previous.namespace())) {
        let live = cluster.get(&touched.id).await?;
        let after = live.as_ref().or(touched.before.as_ref());
        differences += &unified(touched, live.as_ref(), after);
    }
    for touched in previous.way_back() {
        if !is_left(touched, previous.namespace()) {
            differences += &of(cluster, touched).await?;
        }
    }
    Ok(differences)
}

/// Neither what was put back before the rest nor what was never ours goes.
fn is_left(touched: &Touched, namespace: &str) -> bool {
    touched.before.is_some() && touched.ours.is_none()
        || is_secret_elsewhere(&touched.id, namespace)
}

async fn of(cluster: &Cluster, touched: &Touched) -> Result<String, Failure> {
    let Some(live) = managed(cluster, &touched.id).await? else {
        return Ok(String::new());
    };
    let after = match (&touched.before, applied(&live)) {
        (None, _) => None,
        (Some(before), Some(ours)) => Some(given_back(cluster, &live, &ours, before).await),
        // Nothing of it is ours any more.
        (Some(_), None) => Some(live.clone()),
    };
    Ok(unified(touched, Some(&live), after.as_ref()))
}

fn unified(touched: &Touched, live: Option<&Object>, after: Option<&Object>) -> String {
    difference::unified(&touched.id.to_string(), live, after)
}
