use crate::absolute_path::AbsolutePath;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The paths that kfwasm answers itself, with the place in the configuration that names them. Each
/// has one meaning.
#[derive(Default)]
pub(crate) struct OwnPaths(Vec<(String, AbsolutePath)>);

impl OwnPaths {
    /// Reads a path that has a default, and claims it.
    pub(crate) fn read(
        &mut self,
        object: &mut Object<'_>,
        name: &'static str,
        default: &'static str,
    ) -> Option<AbsolutePath> {
        let path = object.or_default(name, default, &AbsolutePath::parse)?;
        let place = object.path_of(name);
        self.claim(object, place, &path);
        Some(path)
    }

    /// Claims the path for what stands at `place`; refuses one that is claimed already, and `/`.
    pub(crate) fn claim(&mut self, object: &mut Object<'_>, place: String, path: &AbsolutePath) {
        if path.as_str() == "/" {
            let advice = "choose a path of its own: / is the front page of Kubeflow";
            object.refuse_at(place, Refusal::of("is \"/\"", advice));
            return;
        }
        match self.0.iter().find(|(_, claimed)| claimed == path) {
            None => self.0.push((place, path.clone())),
            Some((owner, _)) => {
                let message = ["is the path of ", owner, " too"].concat();
                let advice = "give every path of kfwasm itself one meaning";
                object.refuse_at(place, Refusal::quoting(path.as_str(), &message, advice));
            }
        }
    }

    /// The place that names a path which satisfies the condition.
    pub(crate) fn place_of(&self, condition: impl Fn(&str) -> bool) -> Option<&str> {
        self.0
            .iter()
            .find(|(_, path)| condition(path.as_str()))
            .map(|(place, _)| place.as_str())
    }
}
