use std::time::Duration;

use super::{Change, Plan, Waiting};
use crate::cluster::{Applying, Cluster, Refused};
use crate::failure::Failure;
use crate::object::Object;

/// Applies what is different, one object after the other, and waits for each; whether anything was.
pub(crate) async fn bring(
    cluster: &Cluster,
    objects: Vec<Object>,
    limit: Duration,
) -> Result<bool, Failure> {
    let plan = Plan::make(cluster, objects, false).await?;
    plan.without_conflicts()?;
    for step in &plan.steps {
        let id = step.wanted.id();
        if !matches!(step.change, Change::Nothing) {
            match cluster.apply(&step.wanted, Applying::default()).await {
                Ok(_) => eprintln!("applied   {id}"),
                Err(Refused::Failed(failure)) => return Err(failure),
                Err(Refused::Conflicts(_)) => {
                    return Err(Failure::failed(
                        format!("{id} was changed by somebody else in the meantime"),
                        "run the same command again",
                    ));
                }
            }
        }
        Waiting { limit }.until_ready(cluster, &id).await?;
    }
    Ok(!plan.is_empty())
}
