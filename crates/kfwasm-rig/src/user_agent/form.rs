/// A form that is posted: where to, and the fields that it brings itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) hidden: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page with `method="post"`. It reads the plain markup that servers write, not all of HTML.
    pub(super) fn find(html: &str) -> Option<Self> {
        let (tag, content) =
            forms(html).find(|(tag, _)| attribute(tag, "method").as_deref() == Some("post"))?;
        let hidden = tags(content, "<input")
            .filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"));
        Some(Self {
            action: attribute(tag, "action").unwrap_or_default(),
            hidden: hidden
                .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
                .collect(),
        })
    }
}

/// The start tags of forms, each with what follows until its end.
fn forms(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split("<form").skip(1).filter_map(|rest| {
        let (tag, content) = rest.split_once('>')?;
        Some((tag, content.split("</form").next().unwrap_or_default()))
    })
}

fn tags<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start)
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&amp;", "&")
            .replace("&#38;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_that_is_posted_is_found_with_its_hidden_fields() {
        let html = r#"<form action="/search"><input type="hidden" name="no" value="1"></form>
            <form id="x" method="post" action="/end?a=1&amp;b=2"><input type="hidden" name="xsrf" value="s3"/>
            <input name="username"></form>"#;
        let form = Form::find(html).unwrap();
        assert_eq!(form.action, "/end?a=1&b=2");
        assert_eq!(form.hidden, [("xsrf".to_owned(), "s3".to_owned())]);
    }

    #[test]
    fn a_page_without_a_form_has_none() {
        assert_eq!(Form::find("<p>Signed out</p>"), None);
    }
}
