//! Writes resources and their methods in Rust syntax. Formats like rustfmt, because the output is not the input of a macro.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};

use super::Scope;
use super::names::{is_options, snake};
use super::types::{doc, spell};
use crate::facade::top_level;
use crate::model::{Argument, Method, Product, Resource, Route, Type};

/// Writes the methods of a client, which return its resources.
pub fn client(scope: &Scope<'_>, product: Product) -> Option<String> {
    let class = match product {
        Product::Consumer => "Client",
        Product::B2b => "B2bClient",
        Product::SamlShield => "SamlShieldClient",
        Product::Shared => return None,
    };
    let mut properties: Vec<(String, String, Product)> = Vec::new();
    let also = product.has_shared().then_some(Product::Shared);
    for owner in [Some(product), also].into_iter().flatten() {
        let below = top_level(scope.api, owner).into_iter();
        properties.extend(below.map(|(property, class)| (property, class, owner)));
    }
    properties.sort();
    let methods: Vec<String> = properties
        .iter()
        .map(|(property, class, owner)| {
            let described = scope
                .api
                .modules
                .get(owner)
                .and_then(|module| module.resources.get(property));
            let about = described.map_or("", |resource| &resource.description);
            let class = super::qualified(class, Some(*owner), product);
            accessor(property, &class, about, "&self.core", "'_")
        })
        .collect();
    Some(format!(
        "impl crate::typed::{class} {{\n{}}}\n",
        methods.join("\n")
    ))
}

/// Writes the struct of a resource, with its methods.
pub fn resource(
    scope: &Scope<'_>,
    product: Product,
    path: &str,
    resource: &Resource,
) -> Result<String> {
    let class = &resource.class;
    let mut methods = Vec::new();
    for (property, class) in &resource.children {
        let below = format!("{path}.{property}");
        let module = scope.api.modules.get(&product);
        let described = module.and_then(|module| module.resources.get(&below));
        let about = described.map_or("", |resource| &resource.description);
        methods.push(accessor(property, class, about, "self.core", "'client"));
    }
    for (name, made) in &resource.methods {
        if let Route::Remote { row } = made.route {
            let written = method(scope, product, name, made, row);
            methods.push(written.with_context(|| format!("`{path}.{name}`"))?);
        }
    }
    let about = doc(&[&resource.description], "");
    let lifetime = if resource.children.is_empty() {
        "'_"
    } else {
        "'client"
    };
    let declared = if resource.children.is_empty() {
        "impl"
    } else {
        "impl<'client>"
    };
    let methods = methods.join("\n");
    Ok(format!(
        "{about}#[derive(Clone, Copy)]\npub struct {class}<'client> {{\n    pub(crate) core: &'client Core,\n}}\n\n\
         {declared} {class}<{lifetime}> {{\n{methods}}}\n"
    ))
}

fn accessor(property: &str, class: &str, about: &str, core: &str, lifetime: &str) -> String {
    let (about, name) = (doc(&[about], "    "), snake(property));
    format!(
        "{about}    #[must_use]\n    pub fn {name}(&self) -> {class}<{lifetime}> {{\n        {class} {{ core: {core} }}\n    }}\n"
    )
}

fn method(
    scope: &Scope<'_>,
    product: Product,
    name: &str,
    method: &Method,
    row: usize,
) -> Result<String> {
    let route = scope
        .api
        .endpoints
        .get(row)
        .with_context(|| format!("the endpoint table has no row {row}"))?
        .route();
    let mut arguments = vec!["&self".to_owned()];
    let (mut request, mut member) = ("None", "None");
    for argument in &method.arguments {
        let Type::Named(kind) = &argument.kind else {
            anyhow::bail!("the argument `{}` must have a named type", argument.name);
        };
        if is_options(kind) {
            check_options(scope, argument)?;
            arguments.push("authorization: Option<&Authorization>".to_owned());
            member = "authorization";
        } else {
            arguments.push(format!("request: &{}", scope.name_of(kind, product)));
            request = "Some(request)";
        }
    }
    let answer = spell(scope, product, &method.result)?;
    let mut text = doc(&[&method.description, &format!("`{route}`")], "    ");
    let name = snake(name);
    let one_line = format!(
        "    pub async fn {name}({}) -> Result<{answer}> {{\n",
        arguments.join(", ")
    );
    if one_line.trim_end().len() <= MAX_COLUMNS {
        text.push_str(&one_line);
    } else {
        let arguments: String = arguments
            .iter()
            .map(|argument| format!("        {argument},\n"))
            .collect();
        let _ = write!(
            text,
            "    pub async fn {name}(\n{arguments}    ) -> Result<{answer}> {{\n"
        );
    }
    let _ = write!(
        text,
        "        self.core.call({row}, {request}, {member}).await\n    }}\n"
    );
    Ok(text)
}

/// Checks that the options consist of `authorization`, which is an argument of its own in Rust.
fn check_options(scope: &Scope<'_>, argument: &Argument) -> Result<()> {
    let Type::Named(name) = &argument.kind else {
        return Ok(());
    };
    let found = scope
        .api
        .modules
        .values()
        .find_map(|module| module.types.get(name));
    let Some(Type::Object(object)) = found.map(|made| &made.body) else {
        anyhow::bail!("`{name}` must be an object");
    };
    let fields: Vec<&str> = object
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    ensure!(
        fields == ["authorization"],
        "`{name}` has the fields {fields:?}, but the Rust client supports only `authorization`"
    );
    Ok(())
}

const MAX_COLUMNS: usize = 100;
