//! Exclusive XML canonicalization without comments (<https://www.w3.org/TR/xml-exc-c14n/>) of an element.
//!
//! The parser keeps the expanded names. The prefixes are read from the source text of the start tag.

use std::collections::BTreeMap;

use roxmltree::{Node, NodeType};

/// Returns the canonical form of an element. `excluded` is a signature inside of the element that is left out.
/// `inclusive` are the prefixes of `InclusiveNamespaces`, whose declarations are kept; `#default` is the empty prefix.
pub(super) fn of(element: Node, excluded: Option<Node>, inclusive: &[&str]) -> String {
    let mut written = String::new();
    let writer = Writer {
        excluded,
        inclusive,
    };
    writer.element(element, &BTreeMap::new(), &mut written);
    written
}

struct Writer<'a, 'input> {
    excluded: Option<Node<'a, 'input>>,
    inclusive: &'a [&'a str],
}

/// The declarations that the ancestors in the output have: the prefix, and the URI.
type Declared<'a> = BTreeMap<&'a str, &'a str>;

impl Writer<'_, '_> {
    fn element<'a>(&self, element: Node<'a, '_>, declared: &Declared<'a>, written: &mut String) {
        let source = element.document().input_text();
        let name = qualified_name(element);
        let mut used: BTreeMap<&str, &str> = BTreeMap::new();
        used.insert(
            prefix(name),
            element.tag_name().namespace().unwrap_or_default(),
        );
        let mut attributes: Vec<(&str, &str, &str, &str)> = Vec::new();
        for attribute in element.attributes() {
            let qualified = source.get(attribute.range_qname()).unwrap_or_default();
            let namespace = attribute.namespace().unwrap_or_default();
            if !namespace.is_empty() {
                used.insert(prefix(qualified), namespace);
            }
            attributes.push((namespace, attribute.name(), qualified, attribute.value()));
        }
        attributes.sort_unstable();
        for listed in self.inclusive {
            let listed = if *listed == "#default" { "" } else { listed };
            let mut known = element.namespaces();
            let found = known.find(|namespace| namespace.name().unwrap_or_default() == listed);
            if let Some(namespace) = found {
                used.entry(namespace.name().unwrap_or_default())
                    .or_insert(namespace.uri());
            }
        }
        written.push('<');
        written.push_str(name);
        let mut declared = declared.clone();
        for (prefix, uri) in used {
            // The prefix xml is never declared.
            if prefix == "xml" || declared.get(prefix).copied().unwrap_or_default() == uri {
                continue;
            }
            declared.insert(prefix, uri);
            written.push_str(" xmlns");
            if !prefix.is_empty() {
                written.push(':');
                written.push_str(prefix);
            }
            written.push_str("=\"");
            escape_attribute(uri, written);
            written.push('"');
        }
        for (_, _, name, value) in attributes {
            written.push(' ');
            written.push_str(name);
            written.push_str("=\"");
            escape_attribute(value, written);
            written.push('"');
        }
        written.push('>');
        for child in element.children() {
            match child.node_type() {
                NodeType::Element if Some(child) == self.excluded => {}
                NodeType::Element => self.element(child, &declared, written),
                NodeType::Text => escape_text(child.text().unwrap_or_default(), written),
                NodeType::PI => {
                    if let Some(instruction) = child.pi() {
                        written.push_str("<?");
                        written.push_str(instruction.target);
                        if let Some(value) = instruction.value {
                            written.push(' ');
                            written.push_str(value);
                        }
                        written.push_str("?>");
                    }
                }
                NodeType::Comment | NodeType::Root => {}
            }
        }
        written.push_str("</");
        written.push_str(name);
        written.push('>');
    }
}

/// Returns the name of an element with its prefix, from the source text.
fn qualified_name<'a>(element: Node<'a, '_>) -> &'a str {
    let source = element.document().input_text();
    let tag = source.get(element.range()).unwrap_or_default();
    let tag = tag.strip_prefix('<').unwrap_or_default();
    let end = tag.find(|character: char| character.is_whitespace() || "/>".contains(character));
    tag.get(..end.unwrap_or(tag.len())).unwrap_or_default()
}

fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn escape_text(text: &str, written: &mut String) {
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '\r' => written.push_str("&#xD;"),
            character => written.push(character),
        }
    }
}

fn escape_attribute(text: &str, written: &mut String) {
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '"' => written.push_str("&quot;"),
            '\t' => written.push_str("&#x9;"),
            '\n' => written.push_str("&#xA;"),
            '\r' => written.push_str("&#xD;"),
            character => written.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use roxmltree::Document;

    use super::*;

    fn canonical(text: &str, name: &str, inclusive: &[&str]) -> String {
        let document = Document::parse(text).unwrap();
        let mut nodes = document.descendants();
        let found = nodes.find(|node| node.is_element() && node.tag_name().name() == name);
        of(found.unwrap(), None, inclusive)
    }

    /// The examples of the recommendation, section 2.2.
    #[test]
    fn renders_only_the_namespaces_that_are_visibly_used() {
        let first = r#"<n0:local xmlns:n0="foo:bar" xmlns:n3="ftp://example.org"><n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n0:local>"#;
        let second = r#"<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain"><n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n2:pdu>"#;
        let expected = r#"<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>"#;
        assert_eq!(canonical(first, "elem2", &[]), expected);
        assert_eq!(canonical(second, "elem2", &[]), expected);
        let inclusive = r#"<n1:elem2 xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>"#;
        assert_eq!(canonical(second, "elem2", &["n2", "#default"]), inclusive);
    }

    /// The examples 3.3 and 3.4 of Canonical XML, as far as they have no DTD.
    #[test]
    fn sorts_attributes_and_escapes_characters() {
        let tags = r#"<doc><e3   name = "elem3"   id="elem3"   /><e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm" xmlns:b="http://www.ietf.org" xmlns:a="http://www.w3.org" xmlns="http://example.org"/><e6 xmlns=""><e7 xmlns="http://www.ietf.org"><e8 xmlns=""/></e7></e6></doc>"#;
        let expected = r#"<doc><e3 id="elem3" name="elem3"></e3><e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5><e6><e7 xmlns="http://www.ietf.org"><e8 xmlns=""></e8></e7></e6></doc>"#;
        assert_eq!(canonical(tags, "doc", &[]), expected);
        let characters = "<doc a='&quot;&#9;&#10;&#13;&lt;>&amp;'>first\r\nsecond &#13;<![CDATA[<&>]]><!-- no --><?pi  x ?></doc>";
        let expected = "<doc a=\"&quot;&#x9;&#xA;&#xD;&lt;>&amp;\">first\nsecond &#xD;&lt;&amp;&gt;<?pi x ?></doc>";
        assert_eq!(canonical(characters, "doc", &[]), expected);
    }
}
