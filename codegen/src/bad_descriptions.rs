//! The generator rejects invalid descriptions, and its error names the position of the mistake.

#![allow(clippy::unwrap_used)]

use super::fixture::Project;
use super::*;

#[test]
fn rejects_an_invalid_description_and_names_the_position() {
    let paint = "api/consumer/things.yaml#/paths/~1v1~1things~1{thing_id}/post";
    let things = "api/consumer/things.yaml#/components/schemas/Thing";
    let cases: [(&str, &str, &str, &str); 13] = [
        (
            "$ref: '#/components/schemas/Thing'",
            "$ref: '#/components/schemas/Ting'",
            "post/responses/200",
            "does not lead to a schema",
        ),
        (
            "x-stytch-request: ThingsPaintRequest",
            "x-stytch-request: Thing",
            paint,
            "`Thing` differs from the type of the same name at",
        ),
        (
            "method: things.drop",
            "method: things.paint",
            paint,
            "`things.paint` of Client is already described",
        ),
        (
            "client: Client, method: things.drop",
            "client: B2BClient, method: things.drop",
            "delete",
            "[\"B2BClient\"]",
        ),
        (
            "name: thing_id",
            "name: thing",
            "parameters/thing_id",
            "path parameter `thing` is not in the path",
        ),
        ("in: path", "in: query", "delete", "is not a path parameter"),
        (
            "      description: Paints a thing.\n",
            "",
            paint,
            "`description` is required",
        ),
        (
            "                  description: The new color.\n",
            "",
            "properties/color",
            "`description` is required",
        ),
        (
            "name: {type: string, description: The name that is displayed.}",
            "name: {$ref: '#/components/schemas/Thing/properties/name'}",
            "Thing/properties/name",
            "contains itself",
        ),
        (
            "required: [name]",
            "required: [nam]",
            things,
            "`required` names `nam`, which is not in `properties`",
        ),
        (
            "class: Things",
            "class: Thing",
            "api/consumer",
            "`Thing` is the name of two types or classes",
        ),
        (
            "  things: {class",
            "  stuff: {class",
            "delete",
            "the class of `things` is not described",
        ),
        (
            "'#/components/schemas/Thing'",
            "'../b2b/others.yaml#/components/schemas/Other'",
            paint,
            "api/shared",
        ),
    ];
    for (from, to, position, message) in cases {
        let project = Project::new();
        project.edit("api/consumer/things.yaml", from, to);
        let error = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
        assert!(
            error.contains(position) && error.contains(message),
            "{to}: {error}"
        );
    }
}

#[test]
fn rejects_a_path_that_two_files_describe() {
    for path in ["/v1/things/{thing_id}", "/v1/things/{id}"] {
        let project = Project::new();
        let same = format!("paths:\n  {path}: {{}}\ncomponents:\n");
        project.edit("api/b2b/others.yaml", "components:\n", &same);
        let error = run(&project.root, Mode::Write).unwrap_err().to_string();
        let first = "already described at api/b2b/others.yaml#/paths/";
        assert!(
            error.contains("api/consumer/things.yaml#/paths/") && error.contains(first),
            "{error}"
        );
    }
}

#[test]
fn rejects_a_root_file_that_lists_paths() {
    let project = Project::new();
    project.edit(
        "api/openapi.yaml",
        "components: {}",
        "paths: {}\ncomponents: {}",
    );
    let error = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        error.contains("api/openapi.yaml") && error.contains("paths"),
        "{error}"
    );
}

#[test]
fn rejects_an_unknown_key_and_names_the_file() {
    let project = Project::new();
    project.edit(
        "api/consumer/things.yaml",
        "summary: Paint",
        "sumary: Paint",
    );
    let error = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        error.contains("api/consumer/things.yaml") && error.contains("sumary"),
        "{error}"
    );
}

#[test]
fn rejects_an_invalid_hand_written_method_and_names_the_position() {
    for (from, to, message) in [
        (
            "request: ThingsDropRequest",
            "request: Thing",
            "no operation has the x-stytch-request `Thing`",
        ),
        (
            "name: data, request: ThingsDropRequest",
            "name: data",
            "either `schema` or `request`",
        ),
        (
            "calls: [dropThing]",
            "calls: [dropThin]",
            "no operation has the operationId `dropThin`",
        ),
        (
            "client: Client, method: things.dropAll",
            "client: B2BClient, method: things.dropAll",
            "is the request of another product",
        ),
    ] {
        let project = Project::new();
        project.edit("api/openapi.yaml", from, to);
        let error = run(&project.root, Mode::Write).unwrap_err().to_string();
        assert!(
            error.contains(message) && error.contains("x-stytch-local/1"),
            "{error}"
        );
    }
}

#[test]
fn rejects_an_operation_that_no_method_uses() {
    let project = Project::new();
    let methods = "      x-stytch-methods: [{client: Client, method: things.paint, arguments: [data, options]}]\n";
    project.edit("api/consumer/things.yaml", methods, "");
    project.edit(
        "api/openapi.yaml",
        "calls: [paintThing, dropThing]",
        "calls: [dropThing]",
    );
    let error = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        error.contains("{thing_id}/post: neither an x-stytch-methods"),
        "{error}"
    );
}

#[test]
fn checks_an_operation_without_a_method_too() {
    let cases = [
        (
            "schema: {$ref: '#/components/schemas/Thing'}",
            "schema: {$ref: '#/components/schemas/Ting'}",
            "does not lead to a schema",
        ),
        (
            "                  description: The new color.\n",
            "",
            "properties/color: `description` is required",
        ),
        (
            "description: The painted thing.",
            "description: ''",
            "responses/200: `description` is required",
        ),
        (
            "../b2b/others.yaml#/components/responses/Refused",
            "#/components/responses/Refused",
            "does not lead to a response",
        ),
    ];
    for (from, to, message) in cases {
        let project = Project::new();
        let methods = "      x-stytch-methods: [{client: Client, method: things.paint, arguments: [data, options]}]\n";
        project.edit("api/consumer/things.yaml", methods, "");
        project.edit("api/consumer/things.yaml", from, to);
        let error = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn rejects_an_invalid_class_for_retries_and_names_the_operation() {
    let reason = "        reason: The second coat has the same color.\n";
    let safe = "        safe: true\n";
    let whole = ["      x-stytch-retry:\n", safe, reason].concat();
    let cases: [(&str, &str, &str); 9] = [
        (
            &whole,
            "",
            "post: `x-stytch-retry` is required; use `{safe: true}` or `{safe: false}`",
        ),
        (
            &whole,
            "      x-stytch-retry: safe\n",
            "post/x-stytch-retry: must be an object with `safe`",
        ),
        (
            "        reason: The",
            "        because: The",
            "post/x-stytch-retry: unknown key `because`; accepted are `safe` and `reason`",
        ),
        (
            safe,
            "",
            "post/x-stytch-retry: `safe` must be true or false",
        ),
        (
            safe,
            "        safe: \"true\"\n",
            "post/x-stytch-retry: `safe` must be true or false",
        ),
        (
            safe,
            "        safe: 1\n",
            "post/x-stytch-retry: `safe` must be true or false",
        ),
        (
            reason,
            "        reason: ''\n",
            "post/x-stytch-retry: `reason` must be a sentence",
        ),
        (
            reason,
            "",
            "post/x-stytch-retry: `reason` is required, because a POST request is usually not safe",
        ),
        (
            "{safe: false}",
            "{safe: true}",
            "delete/x-stytch-retry: `reason` is required, because a DELETE request is usually not safe",
        ),
    ];
    for (from, to, message) in cases {
        let project = Project::new();
        project.edit("api/consumer/things.yaml", from, to);
        assert_rejected(&project, message);
    }
    for (verb, class, message) in [
        (
            "put",
            "{safe: true}",
            "put/x-stytch-retry: `reason` is required, because a PUT request is usually not safe",
        ),
        (
            "get",
            "{safe: false}",
            "get/x-stytch-retry: `reason` is required, because a GET request is usually safe",
        ),
    ] {
        let project = Project::new();
        project.edit(
            "api/consumer/things.yaml",
            "    delete:",
            &format!("    {verb}:"),
        );
        project.edit("api/consumer/things.yaml", "{safe: false}", class);
        assert_rejected(&project, message);
    }
}

fn assert_rejected(project: &Project, message: &str) {
    let error = run(&project.root, Mode::Write).unwrap_err().to_string();
    let path = "api/consumer/things.yaml#/paths/~1v1~1things~1{thing_id}/";
    assert!(error.contains(&[path, message].concat()), "{error}");
}

#[test]
fn rejects_two_types_with_the_same_name() {
    let project = Project::new();
    project.edit("api/b2b/others.yaml", "    Other:", "    Thing:");
    let error = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        error.contains("the type `Thing` is already defined at"),
        "{error}"
    );
}
