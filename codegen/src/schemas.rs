//! Schemas of the description, understood as types.
//!
//! Knows how a schema is read and which named types that brings along; not which operation wanted it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::document::{Additional, Constant, Schema};
use super::model::{Field, NamedType, Object, Product, Type};
use super::source::{At, Source, Target};

/// The named types met so far, with where each was described.
pub struct Schemas<'a> {
    source: &'a Source,
    named: BTreeMap<String, (At, Option<NamedType>)>,
    /// The schemas that are being read in place, outermost first.
    following: Vec<At>,
    /// Who takes the argument types, as in "`users.get` takes as `params`".
    taken_by: BTreeMap<String, Vec<String>>,
}

impl<'a> Schemas<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            named: BTreeMap::new(),
            following: Vec::new(),
            taken_by: BTreeMap::new(),
        }
    }

    /// The type of a schema; what it refers to by name is collected on the way.
    pub fn read(&mut self, schema: &Schema, at: &At) -> Result<Type> {
        if let Some(reference) = &schema.reference {
            return self.read_reference(reference, at);
        }
        if let Some(typescript) = &schema.typescript {
            return Ok(Type::Verbatim(typescript.clone()));
        }
        match &schema.constant {
            Some(Constant::Bool(value)) => return Ok(Type::Always(*value)),
            Some(Constant::Text(word)) => return Ok(Type::Words(vec![word.clone()])),
            None => {}
        }
        if !schema.any_of.is_empty() {
            return self.read_union(&schema.any_of, &at.down("anyOf"));
        }
        match (schema.kind.as_deref(), schema.format.as_deref()) {
            (Some("string"), None) if !schema.values.is_empty() => {
                Ok(Type::Words(schema.values.clone()))
            }
            (Some("string"), None) => Ok(Type::Text),
            (Some("string"), Some("date-time")) => Ok(Type::Timestamp),
            (Some("integer"), None) => Ok(Type::Integer),
            (Some("number"), None) => Ok(Type::Number),
            (Some("boolean"), None) => Ok(Type::Boolean),
            (Some("array"), None) => {
                let items = schema
                    .items
                    .as_ref()
                    .with_context(|| format!("{at}: an array without items"))?;
                Ok(Type::List(Box::new(self.read(items, &at.down("items"))?)))
            }
            (Some("object"), None) => self.read_object(schema, at),
            (kind, format) => {
                bail!("{at}: no type is known for type {kind:?} with format {format:?}")
            }
        }
    }

    /// The same for a schema that is shown where it is used: as an object, it has its fields' descriptions.
    pub fn read_described(&mut self, schema: &Schema, at: &At) -> Result<Type> {
        Ok(match self.read(schema, at)? {
            Type::Object(object) => Type::Object(Object {
                fields: self.fields(schema, at)?,
                open: object.open,
            }),
            other => other,
        })
    }

    /// The fields of an object schema, each with its description.
    pub fn fields(&mut self, schema: &Schema, at: &At) -> Result<Vec<Field>> {
        let properties = at.down("properties");
        for name in &schema.required {
            ensure!(
                schema.properties.contains_key(name),
                "{at}: `{name}` is required, but is no property"
            );
        }
        schema
            .properties
            .iter()
            .map(|(name, property)| {
                let at = properties.down(name);
                // Reading comes first, for it notices when references go in a circle.
                let kind = self.read(property, &at)?;
                let description = self.description(property, &at)?;
                Ok(Field {
                    name: name.clone(),
                    optional: !schema.required.contains(name),
                    description,
                    kind,
                })
            })
            .collect()
    }

    /// What a schema says about itself, or what the schema says that it refers to.
    pub fn description(&self, schema: &Schema, at: &At) -> Result<String> {
        match (&schema.description, &schema.reference) {
            (Some(description), _) if !description.trim().is_empty() => {
                Ok(description.trim().to_owned())
            }
            (_, Some(reference)) => match self.source.schema(reference, at)? {
                Target::Named { at, schema, .. } | Target::InPlace { at, schema } => {
                    self.description(schema, &at)
                }
            },
            _ => bail!("{at}: no description"),
        }
    }

    /// Takes in the type of a method's argument, which several methods may share and which has no schema of its own.
    pub fn add_argument(
        &mut self,
        name: &str,
        taken_by: &str,
        object: Object,
        at: &At,
    ) -> Result<()> {
        let made = NamedType {
            description: String::new(),
            body: Type::Object(object),
        };
        if let Some((first, known)) = self.named.get(name) {
            ensure!(
                known.as_ref() == Some(&made),
                "{at}: `{name}` means something else than at {first}"
            );
        } else {
            self.named.insert(name.to_owned(), (at.clone(), Some(made)));
        }
        self.taken_by
            .entry(name.to_owned())
            .or_default()
            .push(taken_by.to_owned());
        Ok(())
    }

    /// Takes note of one more method, of the given product, with an argument type that is known already.
    pub fn share_argument(
        &mut self,
        name: &str,
        product: Product,
        taken_by: &str,
        at: &At,
    ) -> Result<Type> {
        let takers = self
            .taken_by
            .get_mut(name)
            .with_context(|| format!("{at}: no operation has the x-stytch-request `{name}`"))?;
        takers.push(taken_by.to_owned());
        let owner = self.named.get(name).and_then(|(at, _)| product_of(at));
        ensure!(
            owner.is_some_and(|owner| product.may_use(owner)),
            "{at}: `{name}` is the request of another product"
        );
        Ok(Type::Named(name.to_owned()))
    }

    /// The collected types, with the product each belongs to.
    pub fn into_types(self) -> Result<Vec<(Product, String, NamedType)>> {
        let mut types = Vec::new();
        for (name, (at, made)) in self.named {
            let product =
                product_of(&at).with_context(|| format!("{at}: in no folder of a product"))?;
            let mut made = made.with_context(|| format!("{at}: `{name}` was never read"))?;
            if let Some(methods) = self.taken_by.get(&name) {
                made.description = format!("What {}.", methods.join(", or "));
            }
            types.push((product, name, made));
        }
        Ok(types)
    }

    /// Takes in a type that a file describes, whoever refers to it.
    pub fn read_named(&mut self, name: &str, at: &At) -> Result<()> {
        self.read_reference(&format!("#/components/schemas/{name}"), at)?;
        Ok(())
    }

    fn read_reference(&mut self, reference: &str, from: &At) -> Result<Type> {
        match self.source.schema(reference, from)? {
            Target::InPlace { at, schema } => {
                check_arrow(from, &at)?;
                ensure!(
                    !self.following.contains(&at),
                    "{at}: contains itself, without a name to stop at"
                );
                self.following.push(at.clone());
                let kind = self.read(schema, &at)?;
                self.following.pop();
                Ok(kind)
            }
            Target::Named { name, at, schema } => {
                check_arrow(from, &at)?;
                if let Some((first, _)) = self.named.get(name) {
                    ensure!(
                        *first == at,
                        "{at}: `{name}` is already the name of {first}"
                    );
                } else {
                    // Taken in before it is read, so that a type may contain itself.
                    self.named.insert(name.to_owned(), (at.clone(), None));
                    let description = self.description(schema, &at)?;
                    let body = self.read_described(schema, &at)?;
                    self.named
                        .insert(name.to_owned(), (at, Some(NamedType { description, body })));
                }
                Ok(Type::Named(name.to_owned()))
            }
        }
    }

    /// An object within another type: its fields may go without descriptions, for not every output has a place for them.
    fn read_object(&mut self, schema: &Schema, at: &At) -> Result<Type> {
        let open = match &schema.additional_properties {
            Some(Additional::Of(values)) if schema.properties.is_empty() => {
                return Ok(Type::Map(Box::new(
                    self.read(values, &at.down("additionalProperties"))?,
                )));
            }
            Some(Additional::Of(_)) => {
                bail!("{at}: both properties and typed additionalProperties")
            }
            Some(Additional::Any(true)) if schema.properties.is_empty() => {
                return Ok(Type::AnyObject);
            }
            Some(Additional::Any(open)) => *open,
            None => false,
        };
        let properties = at.down("properties");
        let fields = schema
            .properties
            .iter()
            .map(|(name, property)| {
                let at = properties.down(name);
                // Reading comes first, for it notices when references go in a circle.
                let kind = self.read(property, &at)?;
                Ok(Field {
                    name: name.clone(),
                    optional: !schema.required.contains(name),
                    description: self.description(property, &at).unwrap_or_default(),
                    kind,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Type::Object(Object { fields, open }))
    }

    fn read_union(&mut self, choices: &[Schema], at: &At) -> Result<Type> {
        let mut kinds = Vec::new();
        for (number, choice) in choices.iter().enumerate() {
            kinds.push(self.read(choice, &at.down(number))?);
        }
        Ok(match kinds.as_slice() {
            [Type::Words(words), Type::Text] => Type::OpenWords(words.clone()),
            _ => Type::Union(kinds),
        })
    }
}

/// The product that a file describes.
pub fn product_of(at: &At) -> Option<Product> {
    let (folder, _) = at.file.split_once('/')?;
    Product::ALL
        .into_iter()
        .find(|product| product.folder() == folder)
}

fn check_arrow(from: &At, to: &At) -> Result<()> {
    if let (Some(user), Some(used)) = (product_of(from), product_of(to)) {
        ensure!(
            user.may_use(used),
            "{from}: refers to {to}; what {} and {} share belongs in api/shared",
            user.folder(),
            used.folder()
        );
    }
    Ok(())
}
