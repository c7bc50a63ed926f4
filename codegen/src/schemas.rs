//! Converts schemas of the description to types.
//!
//! Reads a schema and collects the named types that it refers to. Does not know which operation uses the schema.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::document::{Additional, Constant, Schema};
use super::model::{Field, NamedType, Object, Product, Type};
use super::source::{At, Source, Target};

/// The named types that were read so far, with the position of each.
pub struct Schemas<'a> {
    source: &'a Source,
    named: BTreeMap<String, (At, Option<NamedType>)>,
    /// The inlined schemas that are being read, outermost first.
    following: Vec<At>,
    /// The methods that accept each argument type, as in "`params` of `users.get`".
    accepted_by: BTreeMap<String, Vec<String>>,
}

impl<'a> Schemas<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            named: BTreeMap::new(),
            following: Vec::new(),
            accepted_by: BTreeMap::new(),
        }
    }

    /// Returns the type of a schema, and collects the named types that it refers to.
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
                    .with_context(|| format!("{at}: an array must have `items`"))?;
                Ok(Type::List(Box::new(self.read(items, &at.down("items"))?)))
            }
            (Some("object"), None) => self.read_object(schema, at),
            (kind, format) => {
                let (kind, format) = (kind.unwrap_or("none"), format.unwrap_or("none"));
                bail!(
                    "{at}: a schema with type {kind} and format {format} is not supported; accepted are string (also with enum or format date-time), integer, number, boolean, array and object"
                )
            }
        }
    }

    /// The same for a schema that is written out at its use. If it is an object, then its fields must have descriptions.
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
                "{at}: `required` names `{name}`, which is not in `properties`"
            );
        }
        schema
            .properties
            .iter()
            .map(|(name, property)| {
                let at = properties.down(name);
                // The type is read first, because that detects circular references.
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

    /// The description of a schema. If it has none, the description of the schema that it refers to.
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
            _ => bail!("{at}: `description` is required"),
        }
    }

    /// Adds the type of a method's argument. It has no schema of its own, and several methods may share it.
    pub fn add_argument(
        &mut self,
        name: &str,
        accepted_by: &str,
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
                "{at}: `{name}` differs from the type of the same name at {first}; use another name"
            );
        } else {
            self.named.insert(name.to_owned(), (at.clone(), Some(made)));
        }
        self.accepted_by
            .entry(name.to_owned())
            .or_default()
            .push(accepted_by.to_owned());
        Ok(())
    }

    /// Adds a method of the given product to the uses of a known argument type.
    pub fn share_argument(
        &mut self,
        name: &str,
        product: Product,
        accepted_by: &str,
        at: &At,
    ) -> Result<Type> {
        let methods = self
            .accepted_by
            .get_mut(name)
            .with_context(|| format!("{at}: no operation has the x-stytch-request `{name}`"))?;
        methods.push(accepted_by.to_owned());
        let owner = self.named.get(name).and_then(|(at, _)| product_of(at));
        ensure!(
            owner.is_some_and(|owner| product.may_use(owner)),
            "{at}: `{name}` is the request of another product; use a request of the same product or of api/shared"
        );
        Ok(Type::Named(name.to_owned()))
    }

    /// The collected types, each with its product.
    pub fn into_types(self) -> Result<Vec<(Product, String, NamedType)>> {
        let mut types = Vec::new();
        for (name, (at, made)) in self.named {
            let product = product_of(&at).with_context(|| outside_of_products(&at))?;
            let mut made = made.with_context(|| format!("{at}: the type `{name}` was not read"))?;
            if let Some(methods) = self.accepted_by.get(&name) {
                made.description = format!("The argument {}.", methods.join(" and "));
            }
            types.push((product, name, made));
        }
        Ok(types)
    }

    /// Adds a type from `components/schemas`, whether or not another schema refers to it.
    pub fn read_named(&mut self, name: &str, at: &At) -> Result<()> {
        self.read_reference(&format!("#/components/schemas/{name}"), at)?;
        Ok(())
    }

    fn read_reference(&mut self, reference: &str, from: &At) -> Result<Type> {
        match self.source.schema(reference, from)? {
            Target::InPlace { at, schema } => {
                check_reference(from, &at)?;
                ensure!(
                    !self.following.contains(&at),
                    "{at}: this schema contains itself; only a type in `components/schemas` may do so"
                );
                self.following.push(at.clone());
                let kind = self.read(schema, &at)?;
                self.following.pop();
                Ok(kind)
            }
            Target::Named { name, at, schema } => {
                check_reference(from, &at)?;
                if let Some((first, _)) = self.named.get(name) {
                    ensure!(
                        *first == at,
                        "{at}: the type `{name}` is already defined at {first}"
                    );
                } else {
                    // Added before it is read, because a type may contain itself.
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

    /// An object inside another type. Descriptions of its fields are optional, because not every output displays them.
    fn read_object(&mut self, schema: &Schema, at: &At) -> Result<Type> {
        let open = match &schema.additional_properties {
            Some(Additional::Of(values)) if schema.properties.is_empty() => {
                return Ok(Type::Map(Box::new(
                    self.read(values, &at.down("additionalProperties"))?,
                )));
            }
            Some(Additional::Of(_)) => {
                bail!(
                    "{at}: an object cannot have both `properties` and a schema in `additionalProperties`"
                )
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
                // The type is read first, because that detects circular references.
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

/// The product whose folder contains the file.
pub fn product_of(at: &At) -> Option<Product> {
    let (folder, _) = at.file.split_once('/')?;
    Product::ALL
        .into_iter()
        .find(|product| product.folder() == folder)
}

/// The error for a file that is not in the folder of a product.
pub fn outside_of_products(at: &At) -> String {
    let folders = Product::ALL.map(Product::folder).join(", ");
    format!("{at}: the file must be in the folder of a product: {folders}")
}

fn check_reference(from: &At, to: &At) -> Result<()> {
    if let (Some(user), Some(used)) = (product_of(from), product_of(to)) {
        ensure!(
            user.may_use(used),
            "{from}: refers to {to}; move a schema that {} and {} share to api/shared",
            user.folder(),
            used.folder()
        );
    }
    Ok(())
}
