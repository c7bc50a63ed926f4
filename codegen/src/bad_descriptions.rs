//! The generator against a description that is badly made: it refuses, and says where.

#![allow(clippy::unwrap_used)]

use super::fixture::Project;
use super::*;

#[test]
fn a_bad_description_is_refused_with_its_place() {
    let paint = "api/consumer/things.yaml#/paths/~1v1~1things~1{thing_id}/post";
    let things = "api/consumer/things.yaml#/components/schemas/Thing";
    let cases: [(&str, &str, &str, &str); 13] = [
        (
            "$ref: '#/components/schemas/Thing'",
            "$ref: '#/components/schemas/Ting'",
            "post/responses/200",
            "no schema",
        ),
        (
            "x-stytch-request: ThingsPaintRequest",
            "x-stytch-request: Thing",
            paint,
            "`Thing` means something else than at",
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
        ("in: path", "in: query", "delete", "is no path parameter"),
        (
            "      description: Paints a thing.\n",
            "",
            paint,
            "no description",
        ),
        (
            "                  description: What it will look like.\n",
            "",
            "properties/color",
            "no description",
        ),
        (
            "name: {type: string, description: What people call it.}",
            "name: {$ref: '#/components/schemas/Thing/properties/name'}",
            "Thing/properties/name",
            "contains itself",
        ),
        (
            "required: [name]",
            "required: [nam]",
            things,
            "`nam` is required, but is no property",
        ),
        (
            "class: Things",
            "class: Thing",
            "api/consumer",
            "`Thing` is the name of two things",
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
    for (from, to, place, says) in cases {
        let project = Project::new();
        project.edit("api/consumer/things.yaml", from, to);
        let complaint = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
        assert!(
            complaint.contains(place) && complaint.contains(says),
            "{to}: {complaint}"
        );
    }
}

#[test]
fn a_path_that_two_files_describe_is_refused() {
    for path in ["/v1/things/{thing_id}", "/v1/things/{id}"] {
        let project = Project::new();
        let same = format!("paths:\n  {path}: {{}}\ncomponents:\n");
        project.edit("api/b2b/others.yaml", "components:\n", &same);
        let complaint = run(&project.root, Mode::Write).unwrap_err().to_string();
        let first = "already described at api/b2b/others.yaml#/paths/";
        assert!(
            complaint.contains("api/consumer/things.yaml#/paths/") && complaint.contains(first),
            "{complaint}"
        );
    }
}

#[test]
fn a_root_that_lists_paths_is_refused() {
    let project = Project::new();
    project.edit(
        "api/openapi.yaml",
        "components: {}",
        "paths: {}\ncomponents: {}",
    );
    let complaint = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        complaint.contains("api/openapi.yaml") && complaint.contains("paths"),
        "{complaint}"
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let project = Project::new();
    project.edit(
        "api/consumer/things.yaml",
        "summary: Paint",
        "sumary: Paint",
    );
    let complaint = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        complaint.contains("api/consumer/things.yaml") && complaint.contains("sumary"),
        "{complaint}"
    );
}

#[test]
fn a_bad_hand_written_method_is_refused_with_its_place() {
    for (from, to, says) in [
        (
            "request: ThingsDropRequest",
            "request: Thing",
            "no operation has the x-stytch-request `Thing`",
        ),
        (
            "name: data, request: ThingsDropRequest",
            "name: data",
            "either a schema or the request",
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
        let complaint = run(&project.root, Mode::Write).unwrap_err().to_string();
        assert!(
            complaint.contains(says) && complaint.contains("x-stytch-local/1"),
            "{complaint}"
        );
    }
}

#[test]
fn a_request_that_nothing_makes_is_refused() {
    let project = Project::new();
    let methods = "      x-stytch-methods: [{client: Client, method: things.paint, arguments: [data, options]}]\n";
    project.edit("api/consumer/things.yaml", methods, "");
    project.edit(
        "api/openapi.yaml",
        "calls: [paintThing, dropThing]",
        "calls: [dropThing]",
    );
    let complaint = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        complaint.contains("{thing_id}/post: neither a method"),
        "{complaint}"
    );
}

#[test]
fn an_operation_without_a_method_is_read_all_the_same() {
    let cases = [
        (
            "schema: {$ref: '#/components/schemas/Thing'}",
            "schema: {$ref: '#/components/schemas/Ting'}",
            "no schema",
        ),
        (
            "                  description: What it will look like.\n",
            "",
            "properties/color: no description",
        ),
        (
            "description: The painted thing.",
            "description: ''",
            "responses/200: no description",
        ),
        (
            "../b2b/others.yaml#/components/responses/Refused",
            "#/components/responses/Refused",
            "no response",
        ),
    ];
    for (from, to, says) in cases {
        let project = Project::new();
        let methods = "      x-stytch-methods: [{client: Client, method: things.paint, arguments: [data, options]}]\n";
        project.edit("api/consumer/things.yaml", methods, "");
        project.edit("api/consumer/things.yaml", from, to);
        let complaint = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
        assert!(complaint.contains(says), "{complaint}");
    }
}

#[test]
fn two_types_of_one_name_are_refused() {
    let project = Project::new();
    project.edit("api/b2b/others.yaml", "    Other:", "    Thing:");
    let complaint = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        complaint.contains("`Thing` is already the name of"),
        "{complaint}"
    );
}
