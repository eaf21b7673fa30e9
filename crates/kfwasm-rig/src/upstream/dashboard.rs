use askama::Template;

use super::Received;

/// The page that shows who is signed in and what arrived.
#[derive(Template)]
#[template(path = "dashboard.html")]
pub(super) struct Dashboard {
    path: String,
    user: Option<String>,
    groups: Vec<String>,
    headers: Vec<(String, String)>,
}

impl Dashboard {
    pub(super) fn of(request: &Received) -> Self {
        let first = |name: &str| {
            request
                .all(name)
                .into_iter()
                .next()
                .filter(|value| !value.is_empty())
        };
        let groups = first("kubeflow-groups").unwrap_or_default();
        Self {
            path: request.target.clone(),
            user: first("kubeflow-userid"),
            groups: groups
                .split(',')
                .filter(|group| !group.is_empty())
                .map(str::to_owned)
                .collect(),
            headers: request.text_headers().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&str, &str)]) -> String {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect();
        let request = Received {
            method: "GET".into(),
            target: "/x?y=<b>".into(),
            headers,
            body: Vec::new(),
        };
        Dashboard::of(&request).render().unwrap()
    }

    #[test]
    fn it_names_the_user_and_the_groups() {
        let page = page(&[
            ("kubeflow-userid", "alice@example.com"),
            ("kubeflow-groups", "data-science,admins"),
        ]);
        assert!(
            page.contains("alice@example.com")
                && page.contains("data-science")
                && page.contains("admins")
        );
    }

    #[test]
    fn it_says_when_nobody_is_signed_in() {
        assert!(page(&[]).contains("Nobody"));
    }

    #[test]
    fn what_arrived_is_text_and_not_markup() {
        let page = page(&[("x-evil", "<script>alert(1)</script>")]);
        assert!(!page.contains("<script>alert") && !page.contains("y=<b>"));
    }
}
