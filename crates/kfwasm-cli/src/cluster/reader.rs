use http::Request;
use kube::Client;
use serde_json::Value;
use tokio::task::JoinSet;

/// What was seen at one path: nothing, something, or why not.
pub(crate) type Seen = Result<Option<Value>, String>;

/// Reads, and changes nothing.
#[derive(Clone)]
pub(crate) struct Reader(pub(crate) Client);

impl Reader {
    /// What is at that path.
    pub(crate) async fn see(&self, path: &str) -> Seen {
        let request = Request::get(path).body(Vec::new());
        let request = request.map_err(|error| error.to_string())?;
        match self.0.request::<Value>(request).await {
            Ok(found) => Ok(Some(found)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(kube::Error::Api(status)) => Err(status.message.clone()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What is at each of these paths, asked for at once.
    pub(crate) async fn see_all<const N: usize>(&self, paths: [&'static str; N]) -> [Seen; N] {
        let mut asking = JoinSet::new();
        for (index, path) in paths.into_iter().enumerate() {
            let reader = self.clone();
            asking.spawn(async move { (index, reader.see(path).await) });
        }
        let mut all = [const { Ok(None) }; N];
        for (index, seen) in asking.join_all().await {
            if let Some(place) = all.get_mut(index) {
                *place = seen;
            }
        }
        all
    }

    /// The text at that path.
    pub(crate) async fn text(&self, path: &str) -> Result<String, String> {
        let request = Request::get(path).body(Vec::new());
        let request = request.map_err(|error| error.to_string())?;
        match self.0.request_text(request).await {
            Ok(found) => Ok(found),
            Err(kube::Error::Api(status)) => Err(status.message.clone()),
            Err(error) => Err(error.to_string()),
        }
    }
}
