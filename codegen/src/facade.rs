//! Writes `pkg/src/generated/<product>.ts`: the classes of the clients and their resources, with types and bodies.
//!
//! Knows the two kinds of method bodies. A method that sends one request calls `call(row, …)` of the core. Another method calls
//! the function of the same name in the hand-written module of its resource (`pkg/src/sessions.ts`, …).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::doc_comment::doc;
use super::model::{Api, Argument, Endpoint, Method, Module, Product, Resource, Route};
use super::typescript::{CALL_OPTIONS, import, import_types, signature};

/// The module of one product.
pub fn write(api: &Api, product: Product) -> String {
    let mut text = format!("// {HEADER}\n");
    let Some(module) = api.modules.get(&product) else {
        return text;
    };
    text.push('\n');
    text.push_str(&imports(api, product, module));
    text.push_str(&client(api, product));
    for (path, resource) in &module.resources {
        text.push('\n');
        text.push_str(&class(api, path, resource, product));
    }
    text
}

/// The class that a client extends. The shared resources do not have a client, and are properties of the other clients.
pub fn client_class(product: Product) -> Option<&'static str> {
    match product {
        Product::Consumer => Some("ConsumerApi"),
        Product::B2b => Some("B2BApi"),
        Product::Shared => None,
        Product::SamlShield => Some("SamlShieldApi"),
    }
}

/// The type arguments of the hand-written class that a project client extends (`pkg/src/project_client.ts`): the options of
/// `authenticateRequest`, its verdict, and the kinds of token that it can accept.
fn types_of_requests(product: Product) -> Option<[&'static str; 3]> {
    match product {
        Product::Consumer => Some(["AuthenticateRequestOptions", "UserVerdict", "UserKinds"]),
        Product::B2b => Some([
            "B2BAuthenticateRequestOptions",
            "MemberVerdict",
            "MemberKinds",
        ]),
        Product::Shared | Product::SamlShield => None,
    }
}

/// The keyword that declares the class of a resource. It is exported if another file extends a client with it, or if npm
/// `stytch` exports a class of the same name.
fn class_keyword(product: Product) -> &'static str {
    match product {
        Product::Shared | Product::SamlShield => "export class",
        Product::Consumer | Product::B2b => "class",
    }
}

/// The resources that are properties of the client, with their classes.
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

/// The resources that the clients of a product share with other clients.
fn shared_resources(api: &Api, product: Product) -> Vec<(String, String)> {
    if product.has_shared() {
        top_level(api, Product::Shared)
    } else {
        Vec::new()
    }
}

/// The class of a client, which has resources, but no methods. Empty if the product does not have a client.
fn client(api: &Api, product: Product) -> String {
    let Some(class) = client_class(product) else {
        return String::new();
    };
    let mut properties = top_level(api, product);
    properties.extend(shared_resources(api, product));
    properties.sort();
    let description = format!(
        "The methods of {}, by resource.",
        product.clients().join(" and ")
    );
    let extends = types_of_requests(product)
        .map(|types| format!(" extends ProjectClient<{}>", types.join(", ")))
        .unwrap_or_default();
    let first = (!extends.is_empty()).then_some("super(core);");
    format!(
        "\n{}export class {class}{extends} {{\n{}{}}}\n",
        doc(&[&description], ""),
        fields(api, product, "", &properties),
        constructor(&properties, first)
    )
}

fn class(api: &Api, path: &str, resource: &Resource, product: Product) -> String {
    let Resource {
        class,
        description,
        methods,
        children,
    } = resource;
    let properties: Vec<(String, String)> = children.clone().into_iter().collect();
    let calls_core = !methods.is_empty();
    let mut text = format!(
        "{}{} {class} {{\n",
        doc(&[description], ""),
        class_keyword(product)
    );
    text.push_str(&fields(api, product, &format!("{path}."), &properties));
    if calls_core {
        text.push_str("  readonly #core: Core;\n\n");
    }
    let first = calls_core.then_some("this.#core = core;");
    text.push_str(&constructor(&properties, first));
    for (name, made) in methods {
        let _ = write!(text, "\n{}", method(api, path, name, made));
    }
    text.push_str("}\n");
    text
}

/// The properties of a class that contain resources. `below` is the path of the class, with a trailing dot.
fn fields(api: &Api, product: Product, below: &str, properties: &[(String, String)]) -> String {
    let mut text = String::new();
    for (property, class) in properties {
        let path = format!("{below}{property}");
        let described = [product, Product::Shared]
            .iter()
            .find_map(|product| api.modules.get(product)?.resources.get(&path))
            .map_or("", |resource| &resource.description);
        let _ = writeln!(text, "{}  {property}: {class};", doc(&[described], "  "));
    }
    if !properties.is_empty() {
        text.push('\n');
    }
    text
}

/// Internal, so that the declarations of the package do not contain it: only clients construct resources.
fn constructor(properties: &[(String, String)], first: Option<&str>) -> String {
    let mut text = "  /** @internal */\n  constructor(core: Core) {\n".to_owned();
    if let Some(statement) = first {
        let _ = writeln!(text, "    {statement}");
    }
    for (property, class) in properties {
        let _ = writeln!(text, "    this.{property} = new {class}(core);");
    }
    text.push_str("  }\n");
    text
}

fn method(api: &Api, path: &str, name: &str, method: &Method) -> String {
    let route = match &method.route {
        Route::Remote { row } => Some(quoted(api, &[*row])),
        Route::Local { calls } if calls.is_empty() => None,
        Route::Local { calls } => Some(format!("Can send {}.", quoted(api, calls))),
    };
    let throws: Vec<String> = method
        .throws
        .iter()
        .map(|(class, when)| format!("@throws {{{class}}} {when}"))
        .collect();
    let mut paragraphs: Vec<&str> = vec![&method.description];
    paragraphs.extend(route.as_deref());
    paragraphs.extend(throws.iter().map(String::as_str));
    format!(
        "{}{} {{\n    return {};\n  }}\n",
        doc(&paragraphs, "  "),
        signature(name, method),
        call(path, name, method)
    )
}

/// The call in the body of a method: to the core, or to a hand-written function in the module of its resource.
fn call(path: &str, name: &str, method: &Method) -> String {
    let names = |argument: &Argument| argument.name.clone();
    match &method.route {
        Route::Remote { row } => {
            let data = method.arguments.iter().find(|argument| !argument.optional);
            let data = data.map_or("undefined".to_owned(), names);
            let options = method.own_options().map_or("options".to_owned(), names);
            format!("this.#core.call({row}, {data}, {options})")
        }
        Route::Local { .. } => {
            let mut passed = vec!["this.#core".to_owned()];
            passed.extend(method.arguments.iter().map(names));
            if method.accepts_call_options() && method.own_options().is_none() {
                passed.push("options".to_owned());
            }
            format!("{path}.{name}({})", passed.join(", "))
        }
    }
}

/// The requests of rows, as inline code.
fn quoted(api: &Api, rows: &[usize]) -> String {
    let routes: Vec<String> = rows
        .iter()
        .filter_map(|row| api.endpoints.get(*row))
        .map(|endpoint: &Endpoint| format!("`{}`", endpoint.route()))
        .collect();
    routes.join(", ")
}

/// The imports of a module: the core, the types that its methods use, and the classes of other modules.
fn imports(api: &Api, product: Product, module: &Module) -> String {
    let mut names = BTreeSet::new();
    let resources = module.resources.values();
    for method in resources.flat_map(|resource| resource.methods.values()) {
        method.result.collect_names(&mut names);
        for argument in &method.arguments {
            argument.kind.collect_names(&mut names);
        }
    }
    let resources = module.resources.values();
    let mut methods = resources.flat_map(|resource| resource.methods.values());
    let mut text = String::new();
    if methods.any(|method| {
        method.accepts_call_options() && (method.own_options().is_none() || !method.is_remote())
    }) {
        text.push_str(&import_types(
            &BTreeSet::from([CALL_OPTIONS]),
            "../config.js",
        ));
    }
    text.push_str(&import_types(&BTreeSet::from(["Core"]), "../core.js"));
    for (path, resource) in &module.resources {
        let is_local = |method: &Method| matches!(method.route, Route::Local { .. });
        if resource.methods.values().any(is_local) {
            let _ = writeln!(text, "import * as {path} from \"../{path}.js\";");
        }
    }
    let of_requests = types_of_requests(product);
    if of_requests.is_some() {
        text.push_str(&import(
            &BTreeSet::from(["ProjectClient"]),
            "../project_client.js",
        ));
    }
    for other in [product, Product::Shared] {
        let Some(module) = api.modules.get(&other) else {
            continue;
        };
        let imported: BTreeSet<&str> = names
            .iter()
            .filter(|name| module.types.contains_key(**name))
            .copied()
            .collect();
        names.retain(|name| !imported.contains(name));
        if !imported.is_empty() {
            let file = format!("./{}_types.js", other.folder());
            text.push_str(&import_types(&imported, &file));
        }
    }
    let shared = shared_resources(api, product);
    let classes: BTreeSet<&str> = shared.iter().map(|(_, class)| class.as_str()).collect();
    if !classes.is_empty() {
        text.push_str(&import(&classes, "./shared.js"));
    }
    if let Some(types) = of_requests {
        text.push_str(&import_types(&BTreeSet::from(types), "../verdicts.js"));
    }
    text
}
