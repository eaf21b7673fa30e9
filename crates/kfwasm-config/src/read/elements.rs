use std::ops::RangeInclusive;

use super::node::Node;
use super::object::{Fields, Object, Parse};
use crate::refusal::Refusal;

/// The elements of a list in order; `None` where a problem was noted.
pub(crate) struct Elements<T>(Vec<Option<T>>);

impl<T> Elements<T> {
    /// The list, if every element could be read.
    pub(crate) fn whole(self) -> Option<Vec<T>> {
        self.0.into_iter().collect()
    }

    /// The readable elements with their index.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let slots = self.0.iter().enumerate();
        slots.filter_map(|(index, slot)| Some((index, slot.as_ref()?)))
    }

    /// Whether nothing was written, not even something unreadable.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every element could be read, and none of them satisfies the condition.
    pub(crate) fn all_lack(&self, condition: impl Fn(&T) -> bool) -> bool {
        self.0
            .iter()
            .all(|slot| slot.as_ref().is_some_and(|value| !condition(value)))
    }
}

impl Object<'_> {
    /// A list of texts, all different, with a default.
    pub(crate) fn list<T>(
        &mut self,
        name: &'static str,
        default: &[&str],
        bounds: RangeInclusive<usize>,
        parse: Parse<'_, T>,
    ) -> Elements<T> {
        let texts = self.texts(name, default, bounds);
        let mut elements = Vec::new();
        for (index, text) in texts.into_iter().enumerate() {
            let path = self.path_of_element(name, index);
            elements.push(text.and_then(|text| self.checked_at(path, parse(&text))));
        }
        Elements(elements)
    }

    fn texts(
        &mut self,
        name: &'static str,
        default: &[&str],
        bounds: RangeInclusive<usize>,
    ) -> Vec<Option<String>> {
        let nodes = match self.take(name) {
            None => return default.iter().map(|text| Some((*text).into())).collect(),
            Some(node) => self.nodes(name, node, bounds),
        };
        let Some(nodes) = nodes else {
            return vec![None];
        };
        let mut texts = Vec::new();
        for (index, node) in nodes.into_iter().enumerate() {
            let text = self.new_text(name, index, node, &texts);
            texts.push(text);
        }
        texts
    }

    /// The element as a text, unless it is something else or there already.
    fn new_text(
        &mut self,
        name: &str,
        index: usize,
        node: Node,
        before: &[Option<String>],
    ) -> Option<String> {
        let path = self.path_of_element(name, index);
        match node {
            Node::Text(text) if before.iter().flatten().any(|other| *other == text) => {
                let refusal = Refusal::quoting(&text, "is in the list already", "write it once");
                self.refuse_at(path, refusal);
                None
            }
            Node::Text(text) => Some(text),
            other => {
                self.refuse_kind(path, &other, "a text");
                None
            }
        }
    }

    /// A list of objects: the fields of each, with its place.
    pub(crate) fn objects(
        &mut self,
        name: &'static str,
        bounds: RangeInclusive<usize>,
    ) -> Vec<(String, Fields)> {
        let nodes = match self.take(name) {
            None => Vec::new(),
            Some(node) => self.nodes(name, node, bounds).unwrap_or_default(),
        };
        let mut objects = Vec::new();
        for (index, node) in nodes.into_iter().enumerate() {
            let path = self.path_of_element(name, index);
            match node {
                Node::Object(fields) => objects.push((path, fields)),
                other => self.refuse_kind(path, &other, "an object"),
            }
        }
        objects
    }

    fn nodes(
        &mut self,
        name: &str,
        node: Node,
        bounds: RangeInclusive<usize>,
    ) -> Option<Vec<Node>> {
        match node {
            Node::List(nodes) if nodes.len() > *bounds.end() => {
                self.refuse(name, "has too many elements", "write fewer");
                None
            }
            Node::List(nodes) if nodes.len() < *bounds.start() => {
                self.refuse(name, "is empty", "write at least one element");
                None
            }
            Node::List(nodes) => Some(nodes),
            other => {
                self.refuse_kind(self.path_of(name), &other, "a list");
                None
            }
        }
    }

    /// The way from the top of the document to an element of a list in this object.
    pub(crate) fn path_of_element(&self, name: &str, index: usize) -> String {
        format!("{}[{index}]", self.path_of(name))
    }
}
