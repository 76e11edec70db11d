//! What the source declares of an instance, in the form in which plans show instances: values, and marks of what is unknown
//! or sensitive. Spans are numbers of parts, and a part knows its places and what it stands for.

use std::ops::Range;
use std::sync::Arc;

use crate::document::{Entry, Node, Value as Tree};
use crate::hcl::{Data, Declared, IGNORED, Identity, Mode, Type, Undecided, Value, convert};
use crate::input::mapping::{ProjectFact, Resource, UseFact};
use crate::input::marks::AFTER_APPLY;
use crate::location::Place;

/// An instance as the source declares it.
#[derive(Debug, Default)]
pub(in crate::input) struct Source {
    pub(super) after: Option<Node>,
    pub(super) unknown: Option<Node>,
    pub(super) sensitive: Option<Node>,
    parts: Vec<Part>,
    /// Its parts of which not everything is known, and which may be of clients.
    pub(super) undecided: Vec<Undecided>,
    /// Whether texts that encode something stand as what they encode: what a workload is given may be written so.
    decodes: bool,
    /// Where its block begins, then where the calls of its module stand.
    pub(super) block: Vec<Place>,
}

/// A value in the source.
#[derive(Debug, Default)]
struct Part {
    /// Where it is written, and how it came to the attribute: the first place is the one that decides.
    places: Vec<Place>,
    /// The attribute of another resource that it stands for.
    identity: Option<Arc<Identity>>,
    /// Why it is unknown.
    reason: Option<Arc<str>>,
}

impl Source {
    pub(in crate::input) fn new(declared: &Declared) -> Source {
        Source::reading(declared, true)
    }

    fn reading(declared: &Declared, decodes: bool) -> Source {
        let mut source = Source { block: vec![declared.place.clone()], decodes, ..Source::default() };
        source.block.extend(declared.called_at.iter().cloned());
        let trees = source.trees(&declared.values);
        (source.after, source.unknown, source.sensitive) = (trees.value, trees.unknown, trees.sensitive);
        source
    }

    /// An instance of a type that is read as `resource`: its values have the types that the provider's schema gives them,
    /// and its ids are known after apply.
    pub(super) fn of_resource(declared: &Declared, resource: Option<&Resource>) -> Source {
        let Some(resource) = resource else { return Source::new(declared) };
        let mut declared = declared.clone();
        if let Data::Object(entries) = &declared.values.data {
            let mut entries = entries.as_ref().clone();
            let of_project = resource.attributes.iter().map(|(fact, name)| (type_in_project(*fact), name));
            let of_use = resource.use_attributes.iter().map(|(fact, name)| (type_in_use(*fact), name));
            for (ty, name) in of_project.chain(of_use) {
                let Some(ty) = ty else { continue };
                if let Some(value) = entries.get_mut(name.as_str())
                    && let Ok(converted) = convert(value.clone(), &ty)
                {
                    *value = converted;
                }
            }
            for name in resource.link.iter().chain(&resource.identities) {
                if let Some(value) = entries.get_mut(name.as_str())
                    && let Ok(converted) = convert(value.clone(), &Type::String)
                {
                    *value = converted;
                }
            }
            let of_project = resource.attributes.values();
            for name in of_project.chain(resource.use_attributes.values()).filter(|name| declared.ignores(name)) {
                let unknown = || Value::unknown(Type::Any, IGNORED).at(declared.place.clone());
                entries.entry(name.as_str().into()).or_insert_with(unknown);
            }
            let is_data = declared.mode == Mode::Data;
            let read = resource.read().filter(|_| is_data);
            for name in resource.identities.iter().chain(read) {
                let after_apply = || Value::unknown(Type::String, AFTER_APPLY).at(declared.place.clone());
                entries.entry(name.as_str().into()).or_insert_with(after_apply);
            }
            declared.values.data = Data::Object(Arc::new(entries));
        }
        Source::reading(&declared, false)
    }

    /// The attribute that the source makes another text or boolean than these values have: they were not made from it.
    pub(super) fn contradicted(&self, values: Option<&Node>) -> Option<&str> {
        let Some(Node { value: Tree::Object(entries), .. }) = &self.after else { return None };
        let held = |name: &str| match values.map(|values| &values.value) {
            Some(Tree::Object(held)) => held.iter().find(|entry| entry.key == name).map(|entry| &entry.node.value),
            _ => None,
        };
        let differs = |own: &Entry| match (&own.node.value, held(&own.key)) {
            (Tree::String(own), Some(Tree::String(other))) => own != other,
            (Tree::Bool(own), Some(Tree::Bool(other))) => own != other,
            _ => false,
        };
        entries.iter().find(|entry| differs(entry)).map(|entry| entry.key.as_str())
    }

    fn part(&self, span: &Range<usize>) -> Option<&Part> {
        self.parts.get(span.start)
    }

    /// The places of what has this span.
    pub(super) fn places(&self, span: &Range<usize>) -> &[Place] {
        self.part(span).map_or(&[], |part| &part.places)
    }

    /// The places of an attribute and of all parts of it.
    pub(super) fn places_within(&self, name: &str) -> Vec<Place> {
        let trees = [&self.after, &self.unknown, &self.sensitive];
        let mut left: Vec<&Node> = trees.into_iter().filter_map(|tree| entry(tree, name)).collect();
        let mut places = Vec::new();
        while let Some(node) = left.pop() {
            places.extend(self.places(&node.span).iter().cloned());
            match &node.value {
                Tree::Array(items) => left.extend(items),
                Tree::Object(entries) => left.extend(entries.iter().map(|entry| &entry.node)),
                Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::String(_) => {}
            }
        }
        places
    }

    /// What the value with this span stands for.
    pub(super) fn identity(&self, span: &Range<usize>) -> Option<&Arc<Identity>> {
        self.part(span)?.identity.as_ref()
    }

    /// Why the value with this span is unknown.
    pub(super) fn reason(&self, span: &Range<usize>) -> Option<&Arc<str>> {
        self.part(span)?.reason.as_ref()
    }

    /// The mark or value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&Node> {
        entry(&self.after, name).or_else(|| entry(&self.unknown, name))
    }

    fn trees(&mut self, value: &Value) -> Trees {
        let number = self.parts.len();
        let span = number..number + 1;
        let mut places: Vec<Place> =
            value.origin.as_ref().map(|origin| origin.places().into_iter().cloned().collect()).unwrap_or_default();
        // What decides is where it is written.
        places.reverse();
        self.parts.push(Part { places, ..Part::default() });
        let node = |value: Tree| Some(Node { span: span.clone(), value });
        let mut trees = match &value.data {
            Data::Unknown(unknown) => match unknown.encodes.as_ref().filter(|_| self.decodes) {
                Some(encoded) => self.trees(&encoded.0),
                None => {
                    if let Some(part) = self.parts.get_mut(number) {
                        part.identity = unknown.identity.clone();
                        part.reason = Some(unknown.reason.clone());
                    }
                    Trees { value: None, unknown: node(Tree::Bool(true)), sensitive: None }
                }
            },
            Data::Null(_) => Trees::known(node(Tree::Null)),
            Data::Bool(flag) => Trees::known(node(Tree::Bool(*flag))),
            Data::Number(number) => Trees::known(node(match serde_json::from_str(&number.to_string()) {
                Ok(number) => Tree::Number(number),
                Err(_) => Tree::String(number.to_string()),
            })),
            Data::String(text) => Trees::known(node(Tree::String(text.to_string()))),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => self.list(items, &span),
            Data::Map(_, entries) | Data::Object(entries) => {
                let (mut values, mut unknown, mut sensitive) = (Vec::new(), Vec::new(), Vec::new());
                for (name, value) in entries.iter() {
                    let trees = self.trees(value);
                    let entry = |node: Node| Entry { key: name.to_string(), key_span: span.clone(), node };
                    values.extend(trees.value.map(entry));
                    unknown.extend(trees.unknown.map(entry));
                    sensitive.extend(trees.sensitive.map(entry));
                }
                let object = |entries: Vec<Entry>| {
                    (!entries.is_empty()).then(|| Node { span: span.clone(), value: Tree::Object(entries) })
                };
                Trees { value: node(Tree::Object(values)), unknown: object(unknown), sensitive: object(sensitive) }
            }
        };
        if value.marks.any() {
            trees.sensitive = node(Tree::Bool(true));
        }
        trees
    }

    fn list(&mut self, items: &[Value], span: &Range<usize>) -> Trees {
        let node = |value: Tree| Node { span: span.clone(), value };
        let (mut values, mut unknown, mut sensitive) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let trees = self.trees(item);
            values.push(trees.value.unwrap_or_else(|| node(Tree::Null)));
            unknown.push(trees.unknown);
            sensitive.push(trees.sensitive);
        }
        let marks = |marks: Vec<Option<Node>>| {
            let any = marks.iter().any(Option::is_some);
            let items = marks.into_iter().map(|mark| mark.unwrap_or_else(|| node(Tree::Bool(false)))).collect();
            any.then(|| node(Tree::Array(items)))
        };
        let (unknown, sensitive) = (marks(unknown), marks(sensitive));
        Trees { value: Some(node(Tree::Array(values))), unknown, sensitive }
    }
}

fn entry<'n>(tree: &'n Option<Node>, name: &str) -> Option<&'n Node> {
    match tree.as_ref().map(|node| &node.value) {
        Some(Tree::Object(entries)) => entries.iter().find(|entry| entry.key == name).map(|entry| &entry.node),
        _ => None,
    }
}

/// A value with its marks.
struct Trees {
    value: Option<Node>,
    unknown: Option<Node>,
    sensitive: Option<Node>,
}

impl Trees {
    fn known(value: Option<Node>) -> Trees {
        Trees { value, unknown: None, sensitive: None }
    }
}

/// The type that providers' schemas give to the attribute of a fact; `None` where it stays as it is.
fn type_in_project(fact: ProjectFact) -> Option<Type> {
    match fact {
        ProjectFact::Tools => None,
        // A set in the provider's schema; in the order written, so that each keeps its place.
        ProjectFact::ModelsIds => Some(Type::list(Type::String)),
        ProjectFact::Tool(_) => Some(Type::Bool),
        ProjectFact::DataRetention
        | ProjectFact::Models
        | ProjectFact::ModelsMode
        | ProjectFact::Name
        | ProjectFact::Region
        | ProjectFact::Residency => Some(Type::String),
    }
}

/// The same of a fact of a use.
fn type_in_use(fact: UseFact) -> Option<Type> {
    match fact {
        UseFact::Tools | UseFact::FileUpload => None,
        UseFact::Inputs | UseFact::Outputs => Some(Type::list(Type::String)),
        UseFact::Background | UseFact::Store => Some(Type::Bool),
        UseFact::Model | UseFact::ServiceTier | UseFact::StructuredOutput => Some(Type::String),
    }
}
