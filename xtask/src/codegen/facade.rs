//! Writes `pkg/generated/<product>.js`: classes whose methods hand their arguments to the core.
//!
//! Knows the two ways into `pkg/core.js`: `call(row, …)` for a request, a method of the same name for the rest (or of the
//! name that the description gives it there), which also gets the resource that it was called on.

use std::fmt::Write as _;

use super::HEADER;
use super::model::{Api, Endpoint, Method, Product, Resource, Route};
use super::typescript::comment;

/// The module of one product.
pub fn write(api: &Api, product: Product) -> String {
    let mut text = format!("// @ts-check\n// {HEADER}\n");
    let Some(module) = api.modules.get(&product) else {
        return text;
    };
    if let Some(class) = client_class(product) {
        let shared = shared_resources(api, product);
        if !shared.is_empty() {
            let names: Vec<&str> = shared.iter().map(|(_, class)| class.as_str()).collect();
            let _ = write!(
                text,
                "\nimport {{ {} }} from \"./shared.js\";\n",
                names.join(", ")
            );
        }
        let mut properties = top_level(api, product);
        properties.extend(shared);
        properties.sort();
        let sets: String = properties
            .iter()
            .map(|(property, class)| format!("    this.{property} = new {class}(core);\n"))
            .collect();
        let _ = write!(
            text,
            "\nexport class {class} {{\n{CONSTRUCTOR}{sets}  }}\n}}\n"
        );
    }
    for resource in module.resources.values() {
        text.push('\n');
        text.push_str(&class(api, resource, product));
    }
    text
}

/// The class that a client extends; what is shared hangs on the others.
pub fn client_class(product: Product) -> Option<&'static str> {
    match product {
        Product::Consumer => Some("ConsumerApi"),
        Product::B2b => Some("B2BApi"),
        Product::Shared => None,
        Product::SamlShield => Some("SamlShieldApi"),
    }
}

/// How classes of resources are declared: as exports where another file extends a client by them, and where npm
/// `stytch` exports one of the name.
pub fn class_keyword(product: Product) -> Option<&'static str> {
    matches!(product, Product::Shared | Product::SamlShield).then_some("export class")
}

/// The resources that the clients of a product share with others.
pub fn shared_resources(api: &Api, product: Product) -> Vec<(String, String)> {
    if product.has_shared() {
        top_level(api, Product::Shared)
    } else {
        Vec::new()
    }
}

/// The resources right below the client, with their classes.
pub fn top_level(api: &Api, product: Product) -> Vec<(String, String)> {
    let resources = api
        .modules
        .get(&product)
        .into_iter()
        .flat_map(|module| &module.resources);
    resources
        .filter(|(path, _)| !path.contains('.'))
        .map(|(path, resource)| (path.clone(), resource.class.clone()))
        .collect()
}

const CONSTRUCTOR: &str =
    "  /** @param {import(\"../core.js\").Core} core */\n  constructor(core) {\n";

fn class(api: &Api, resource: &Resource, product: Product) -> String {
    let Resource {
        class,
        description,
        methods,
        children,
    } = resource;
    let keyword = class_keyword(product).unwrap_or("class");
    let mut text = format!("{}{keyword} {class} {{\n", comment(description, ""));
    if !methods.is_empty() {
        text.push_str("  #core;\n\n");
    }
    let _ = write!(text, "{CONSTRUCTOR}");
    if !methods.is_empty() {
        text.push_str("    this.#core = core;\n");
    }
    for (property, class) in children {
        let _ = writeln!(text, "    this.{property} = new {class}(core);");
    }
    text.push_str("  }\n");
    for (name, made) in methods {
        let _ = write!(text, "\n{}", method(api, name, made));
    }
    text.push_str("}\n");
    text
}

fn method(api: &Api, name: &str, method: &Method) -> String {
    let route = |row: usize| {
        api.endpoints
            .get(row)
            .map(Endpoint::route)
            .unwrap_or_default()
    };
    let arguments: Vec<String> = method
        .arguments
        .iter()
        .map(|argument| argument.name.clone())
        .collect();
    let mut passed = arguments.clone();
    let (target, says) = match &method.route {
        Route::Remote { row } => {
            passed.insert(0, row.to_string());
            ("call", format!("  // {}\n", route(*row)))
        }
        // A hand-written method may need the others of its resource.
        Route::Local { calls } => {
            passed.insert(0, "this".to_owned());
            let routes: Vec<String> = calls.iter().map(|row| route(*row)).collect();
            let says = if routes.is_empty() {
                "Without a request of its own".to_owned()
            } else {
                format!("May call {}", routes.join(", "))
            };
            let target = method.core.as_deref().unwrap_or(name);
            (target, comment(&says, "  "))
        }
    };
    let (arguments, passed) = (arguments.join(", "), passed.join(", "));
    format!("{says}  {name}({arguments}) {{\n    return this.#core.{target}({passed});\n  }}\n")
}
