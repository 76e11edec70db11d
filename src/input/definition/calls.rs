//! How a project calls the API: its uses, and the base URL of its clients.

use super::{Places, Reader};
use crate::document::{Fields, Node, Spanned};
use crate::facts::{Client, FILE_UPLOADS, Fact, INPUTS, OUTPUTS, Origin, SERVICE_TIERS, TOOLS, Use};
use crate::input::clients;
use crate::input::reading::{ClientReading, UseReading};
use crate::secret::holds_key;

impl Reader<'_> {
    pub(super) fn base_url(&self, fields: &mut Fields<'_>) -> Option<ClientReading> {
        let url = fields.take_string("base_url")?;
        if holds_key(&url.value) {
            let help = "take the key out, and make it anew if others could read it".to_owned();
            fields.problem(url.span, "\"base_url\" holds what looks like a key".to_owned(), Some(help));
            return None;
        }
        let host = match clients::host(&url.value) {
            Ok(host) => host,
            Err(why) => {
                let help = "write it as https://eu.api.openai.com/v1".to_owned();
                fields.problem(url.span.clone(), format!("\"base_url\" is no base URL: {why}"), Some(help));
                return None;
            }
        };
        let places = vec![(String::new(), self.place(&url.span)), ("host".to_owned(), self.place(&url.span))];
        let facts = Client {
            origin: Origin { source: Some(self.source.to_owned()), address: None },
            linked_by: Some("definition".to_owned()),
            host: Fact::Known(host),
            ..Client::default()
        };
        Some(ClientReading { key: "base_url".to_owned(), facts, places })
    }

    pub(super) fn uses(&self, fields: &mut Fields<'_>) -> Vec<UseReading> {
        let Some(list) = fields.take_list("uses") else {
            return Vec::new();
        };
        list.value.iter().filter_map(|node| fields.within(node, "use", |f| self.one_use(f, node)).flatten()).collect()
    }

    fn one_use(&self, fields: &mut Fields<'_>, node: &Node) -> Option<UseReading> {
        let endpoint = fields.take_string("endpoint");
        let mut places: Places = Vec::new();
        let words = |list: Option<Spanned<Vec<Spanned<String>>>>| {
            list.map(|l| Spanned { value: l.value.into_iter().map(|i| i.value).collect::<Vec<_>>(), span: l.span })
        };
        let facts = Use {
            origin: Origin { source: Some(self.source.to_owned()), address: None },
            model: self.fact(&mut places, "model", fields.take_string("model")),
            store: self.fact(&mut places, "store", fields.take_bool("store")),
            inputs: self.fact(&mut places, "inputs", words(fields.take_words("inputs", &INPUTS))),
            outputs: self.fact(&mut places, "outputs", words(fields.take_words("outputs", &OUTPUTS))),
            tools: self.fact(&mut places, "tools", words(fields.take_words("tools", &TOOLS))),
            structured_output: self.fact(&mut places, "structured_output", fields.take_bool("structured_output")),
            file_upload: self.fact(&mut places, "file_upload", fields.take_word("file_upload", &FILE_UPLOADS)),
            background: self.fact(&mut places, "background", fields.take_bool("background")),
            service_tier: self.fact(&mut places, "service_tier", fields.take_word("service_tier", &SERVICE_TIERS)),
            external_web_access: self.fact(&mut places, "external_web_access", fields.take_bool("external_web_access")),
            ..Use::default()
        };
        let Some(endpoint) = endpoint else {
            if fields.lacks("endpoint") {
                fields.problem(node.span.start..node.span.start + 1, "a use needs an \"endpoint\"", None);
            }
            return None;
        };
        let path = endpoint.value.strip_suffix('/').unwrap_or(&endpoint.value);
        if !path.starts_with('/') {
            let message = format!("\"endpoint\" must be a path such as \"/v1/responses\", but is {:?}", endpoint.value);
            fields.problem(endpoint.span, message, None);
            return None;
        }
        places.push((String::new(), self.place(&endpoint.span)));
        places.push(("endpoint".to_owned(), self.place(&endpoint.span)));
        Some(UseReading { facts: Use { endpoint: path.to_owned(), ..facts }, places })
    }
}
