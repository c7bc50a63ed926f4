//! Tests the generator with a description of two operations, and with the description in `api/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::path::PathBuf;

use super::fixture::Project;
use super::*;

#[test]
fn the_committed_files_are_up_to_date() {
    run(&real_root(), Mode::Check).unwrap();
}

#[test]
fn every_method_calls_the_row_that_its_comment_names() {
    let api = assemble::api(&Source::read(&real_root().join("api")).unwrap()).unwrap();
    let mut calls = 0;
    for product in Product::ALL {
        let facade = facade::write(&api, product);
        for (at, call) in facade.match_indices("this.#core.call(") {
            let passed = &facade[at + call.len()..];
            let row: usize = passed.split([',', ')']).next().unwrap().parse().unwrap();
            let comment = facade[..at].rsplit("/**").next().unwrap();
            let words = comment.split_whitespace().filter(|word| *word != "*");
            let comment = words.collect::<Vec<&str>>().join(" ");
            let route = format!("`{}`", api.endpoints[row].route());
            assert!(comment.contains(&route), "{route}: {comment}");
            calls += 1;
        }
    }
    let resources = api
        .modules
        .values()
        .flat_map(|module| module.resources.values());
    let remote = resources
        .flat_map(|resource| resource.methods.values())
        .filter(|method| matches!(method.route, model::Route::Remote { .. }))
        .count();
    assert_eq!(calls, remote);
    assert!(
        calls >= 22,
        "this test found only {calls} calls of the core in the facade"
    );
}

#[test]
fn the_table_lists_the_operations_in_order() {
    let project = Project::new();
    let table = project.generated("src/generated/endpoints.rs");
    let rows = "str = \"\\\nDELETE /v1/things/{thing_id} things.drop\nPOST /v1/things/{thing_id} things.paint fraud form open member retry\";\n";
    assert!(table.contains(rows), "{table}");
}

/// A wrong class can send a message twice. So a change of a class needs a change here as well.
#[test]
fn only_reads_are_safe_to_repeat() {
    let api = assemble::api(&Source::read(&real_root().join("api")).unwrap()).unwrap();
    let of = |is_read: bool, is_safe: bool| {
        let rows = api.endpoints.iter();
        let rows = rows.filter(|row| (row.verb == model::Verb::Get) == is_read);
        let rows = rows.filter(|row| row.retry.is_safe == is_safe);
        rows.map(|row| row.operation_id.as_str())
            .collect::<Vec<&str>>()
    };
    assert_eq!(of(true, false), Vec::<&str>::new());
    assert_eq!((of(true, true).len(), of(false, false).len()), (31, 140));
    let mut safe = of(false, true);
    safe.sort_unstable();
    let expected = [
        "b2bDiscoveryOrganizationsList",
        "b2bOrganizationsMembersSearch",
        "b2bOrganizationsSearch",
        "b2bPasswordsStrengthCheck",
        "b2bSessionsAuthenticate",
        "connectedAppClientsSearch",
        "consumerPasswordsStrengthCheck",
        "consumerSessionsAuthenticate",
        "consumerTotpsRecoveryCodes",
        "consumerUsersSearch",
        "fraudEmailRisk",
        "fraudFingerprintLookup",
        "fraudRulesList",
        "fraudVerdictReasonsList",
        "idpIntrospect",
        "m2mClientsSearch",
    ];
    assert_eq!(safe, expected);
}

#[test]
fn path_and_body_are_one_argument_and_open_words_accept_other_strings() {
    let project = Project::new();
    let types = project.generated("pkg/src/generated/consumer_types.ts");
    let request = "export interface ThingsPaintRequest {\n  /** The thing to change. */\n  thing_id: string;\n  \
                   /** The new color. */\n  color?: \"red\" | \"blue\" | string | undefined;\n}\n";
    assert!(types.contains(request), "{types}");
    let declarations = project.generated("pkg/src/generated/consumer.ts");
    let method = "paint(data: ThingsPaintRequest, options?: ThingsPaintRequestOptions): Promise<Thing> {\n    return this.#core.call(1, data, options);\n  }\n";
    assert!(declarations.contains(method), "{declarations}");
}

#[test]
fn a_method_that_sends_one_request_accepts_the_options_of_a_call() {
    let project = Project::new();
    let facade = project.generated("pkg/src/generated/consumer.ts");
    let drop = "drop(data: ThingsDropRequest, options?: CallOptions): Promise<Record<string, any>> {\n    return this.#core.call(0, data, options);\n  }\n";
    assert!(facade.contains(drop), "{facade}");
    let import = "import type { CallOptions } from \"../config.js\";\n";
    assert!(facade.contains(import), "{facade}");
    let types = project.generated("pkg/src/generated/consumer_types.ts");
    let options = "export interface ThingsPaintRequestOptions extends CallOptions {\n";
    assert!(types.contains(options) && types.contains(import), "{types}");
    assert_eq!(types.matches("extends CallOptions").count(), 1);
}

#[test]
fn a_row_without_a_method_of_its_own_has_the_name_of_the_first_hand_written_method() {
    let project = Project::new();
    let methods = "      x-stytch-methods: [{client: Client, method: things.paint, arguments: [data, options]}]\n";
    project.edit("api/consumer/things.yaml", methods, "");
    let table = project.generated("src/generated/endpoints.rs");
    let row = "POST /v1/things/{thing_id} things.paintTwice fraud";
    assert!(table.contains(row), "{table}");
}

#[test]
fn a_hand_written_method_is_a_function_of_the_module_of_its_resource() {
    let facade = Project::new().generated("pkg/src/generated/consumer.ts");
    assert!(
        facade.contains("import * as things from \"../things.js\";")
            && facade.contains("return things.paintTwice(this.#core, tokens, options);"),
        "{facade}"
    );
}

#[test]
fn hand_written_methods_have_constants_for_their_rows() {
    let project = Project::new();
    let rows = project.generated("pkg/src/generated/rows.ts");
    let expected = "/** `DELETE /v1/things/{thing_id}` */\nexport const dropThing = 0;\n";
    assert!(rows.ends_with(expected), "{rows}");
    assert!(
        !rows.contains("paintThing"),
        "paintThing is called by the crate only: {rows}"
    );
    let table = project.generated("src/generated/endpoints.rs");
    assert!(
        table
            .contains("pub const DROP_THING: &str = \"DELETE /v1/things/{thing_id} things.drop\";"),
        "{table}"
    );
    let facade = project.generated("pkg/src/generated/consumer.ts");
    let expected = "Can send `POST /v1/things/{thing_id}`, `DELETE /v1/things/{thing_id}`.\n";
    assert!(facade.contains(expected), "{facade}");
}

#[test]
fn a_hand_written_method_may_accept_a_request_and_be_synchronous() {
    let project = Project::new();
    let declarations = project.generated("pkg/src/generated/consumer.ts");
    let method = "dropAll(data: ThingsDropRequest, options?: CallOptions): Thing {";
    assert!(declarations.contains(method), "{declarations}");
    let types = project.generated("pkg/src/generated/consumer_types.ts");
    let expected = "The argument `data` of `things.drop` and `data` of `things.dropAll`.";
    assert!(types.contains(expected), "{types}");
}

#[test]
fn an_unused_type_is_declared_unless_it_is_an_error_response() {
    let project = Project::new();
    let types = project.generated("pkg/src/generated/b2b_types.ts");
    assert!(types.contains("export type Other = string;"), "{types}");
    assert!(!types.contains("Refusal"), "{types}");
}

#[test]
fn methods_with_the_same_argument_share_its_type() {
    let project = Project::new();
    let drop = "{client: Client, method: things.drop, arguments: [data]}";
    let both = format!("{drop}, {}", drop.replace("things.drop", "things.lose"));
    project.edit("api/consumer/things.yaml", drop, &both);
    let types = project.generated("pkg/src/generated/consumer_types.ts");
    let expected = "The argument `data` of `things.drop` and `data` of `things.lose` and";
    assert_eq!(types.matches("interface ThingsDropRequest").count(), 1);
    assert!(types.contains(expected), "{types}");
}

#[test]
fn check_mode_names_a_stale_a_missing_and_an_extra_file() {
    let project = Project::new();
    run(&project.root, Mode::Write).unwrap();
    run(&project.root, Mode::Check).unwrap();
    project.edit("pkg/src/generated/consumer.ts", "#core", "#heart");
    fs::remove_file(project.root.join("src/generated/endpoints.rs")).unwrap();
    project.put("pkg/src/generated/old.ts", HEADER);
    let error = run(&project.root, Mode::Check).unwrap_err().to_string();
    for expected in [
        "pkg/src/generated/consumer.ts is stale",
        "src/generated/endpoints.rs is missing",
        "pkg/src/generated/old.ts is one too many",
    ] {
        assert!(error.contains(expected), "{error}");
    }
    run(&project.root, Mode::Write).unwrap();
    run(&project.root, Mode::Check).unwrap();
}

#[test]
fn write_mode_rejects_a_file_that_was_not_generated() {
    let project = Project::new();
    project.put("pkg/src/generated/mine.ts", "// by hand");
    let error = run(&project.root, Mode::Write).unwrap_err().to_string();
    assert!(
        error.starts_with("pkg/src/generated/mine.ts was not generated"),
        "{error}"
    );
}

fn real_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
