use form_urlencoded::byte_serialize;
use http::Request;
use kube::Client;
use serde_json::Value;
use tokio::task::JoinSet;

/// What was seen at one path: nothing, something, or why not.
pub(crate) type Seen = Result<Option<Value>, String>;

/// Why something was not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unseen {
    pub(crate) why: String,
    /// Whether the API server does not let us look, and will not in a moment either.
    pub(crate) is_forbidden: bool,
}

impl From<kube::Error> for Unseen {
    /// What a pod answers through the API server has no reason of its kind (Kubernetes API Conventions, "Response Status
    /// Kind").
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => Self {
                is_forbidden: status.code == 403 && status.reason == "Forbidden",
                why: status.message.clone(),
            },
            error => error.to_string().into(),
        }
    }
}

impl From<String> for Unseen {
    fn from(why: String) -> Self {
        Self {
            why,
            is_forbidden: false,
        }
    }
}

/// How many items are asked for at a time, and how often.
const PAGE: usize = 500;
const MOST_PAGES: usize = 200;

/// Reads, and changes nothing.
#[derive(Clone)]
pub(crate) struct Reader(pub(crate) Client);

impl Reader {
    /// What is at that path.
    pub(crate) async fn see(&self, path: &str) -> Seen {
        self.look(path).await.map_err(|unseen| unseen.why)
    }

    /// The same, and whether one may look.
    pub(super) async fn look(&self, path: &str) -> Result<Option<Value>, Unseen> {
        let request = Request::get(path).body(Vec::new());
        let request = request.map_err(|error| error.to_string())?;
        match self.0.request::<Value>(request).await {
            Ok(found) => Ok(Some(found)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The same; of a list, every page (Kubernetes API Concepts, "Retrieving large results sets in chunks").
    async fn see_whole(&self, path: &str) -> Seen {
        let mut whole = None;
        let mut page = format!("{path}?limit={PAGE}");
        for _ in 0..MOST_PAGES {
            let Some(found) = self.see(&page).await? else {
                return Ok(None);
            };
            let Some(next) = join(&mut whole, found) else {
                return Ok(whole);
            };
            let next: String = byte_serialize(next.as_bytes()).collect();
            page = format!("{path}?limit={PAGE}&continue={next}");
        }
        Err(format!("there are more than {} of them", PAGE * MOST_PAGES))
    }

    /// What is at each of these paths, asked for at once.
    pub(crate) async fn see_all<const N: usize>(&self, paths: [String; N]) -> [Seen; N] {
        let mut asking = JoinSet::new();
        for (index, path) in paths.into_iter().enumerate() {
            let reader = self.clone();
            asking.spawn(async move { (index, reader.see_whole(&path).await) });
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
    pub(super) async fn text(&self, path: &str) -> Result<String, Unseen> {
        let request = Request::get(path).body(Vec::new());
        let request = request.map_err(|error| error.to_string())?;
        Ok(self.0.request_text(request).await?)
    }
}

/// Adds the items of one page to those of the pages before it; where the next one begins.
fn join(whole: &mut Option<Value>, page: Value) -> Option<String> {
    let next = page.pointer("/metadata/continue").and_then(Value::as_str);
    let next = next.filter(|it| !it.is_empty()).map(str::to_owned);
    match whole
        .as_mut()
        .and_then(|it| it.get_mut("items")?.as_array_mut())
    {
        None => *whole = Some(page),
        Some(items) => {
            let more = page.get("items").and_then(Value::as_array);
            items.extend(more.into_iter().flatten().cloned());
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_in_pages_is_one_list() {
        let mut whole = None;
        let first = json!({ "metadata": { "continue": "a/b" }, "items": [1, 2] });
        assert_eq!(join(&mut whole, first).as_deref(), Some("a/b"));
        let last = json!({ "metadata": { "continue": "" }, "items": [3] });
        assert_eq!(join(&mut whole, last), None);
        assert_eq!(whole.unwrap()["items"], json!([1, 2, 3]));
    }

    #[test]
    fn an_object_is_a_whole_by_itself() {
        let mut whole = None;
        assert_eq!(
            join(&mut whole, json!({ "kind": "Secret", "metadata": {} })),
            None
        );
        assert_eq!(whole.unwrap()["kind"], "Secret");
    }
}
