// Breaks each rule of the linters once, in a folder of its own, and expects the linter to report it.
// `tests/lint/breaches.ts` does the same for the linter of TypeScript. The last line has the counts: "N passed, M failed".

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { restates } from "../../xtask/redocly/restating.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const redocly = (command) => [process.env.STYTCH_REDOCLY, command, "api/openapi.yaml", "--config", "api/redocly.yaml"];
const remark = [process.env.STYTCH_REMARK, ".", "--rc-path", join(root, "xtask/remark.json"), "--frail", "--no-color"];
const typos = [process.env.STYTCH_TYPOS, "--config", join(root, "xtask/typos.toml"), "--format", "brief", "."];
const countLines = ["node", join(root, "xtask/typescript-lines.mjs"), "."];

const openapi = `openapi: 3.1.0
info: {title: Things, version: 1.0.0, license: {name: MIT, identifier: MIT}}
servers: [{url: https://things.invalid}]
security: [{basic: []}]
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
`;
const things = `x-stytch-resources:
  things: {class: PaintedThings, description: What a brush has touched.}
paths:
  /v1/things/{thing_id}:
    get:
      operationId: thingsGet
      summary: Get a thing
      description: Reads the colors.
      x-stytch-request: ThingsGetRequest
      x-stytch-methods: [{client: Client, method: things.get, arguments: [data]}]
      parameters:
        - {name: thing_id, in: path, required: true, description: Starts with thing-., schema: {type: string}}
      responses:
        '200':
          description: How it looks.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}}
        '404': {description: There is none.}
components:
  schemas:
    Thing:
      description: The colors of one of them.
      type: object
      properties:
        color: {type: string, description: In hexadecimal digits.}
        kind: {const: thing, type: string}
        member_id: {$ref: '../shared/fields.yaml#/a_member_id'}
        other: {$ref: '../shared/others.yaml#/components/schemas/Other', description: A neighbour.}
`;
const fields = "a_member_id: {type: string, description: Begins with member-.}\n";
const others = "components: {schemas: {Other: {type: object, description: It has no color.}}}\n";
const plugin = join(root, "xtask/redocly/plugin.mjs");
const configuration = readFileSync(join(root, "api/redocly.yaml"), "utf8").replace("../xtask/redocly/plugin.mjs", plugin);

/** The files of a description, with replaced texts. */
function api(...replacements) {
  const files = {
    "api/openapi.yaml": openapi,
    "api/consumer/things.yaml": things,
    "api/shared/fields.yaml": fields,
    "api/shared/others.yaml": others,
  };
  for (const [from, to] of replacements) {
    const path = Object.keys(files).find((path) => files[path].includes(from));
    files[path] = files[path].replaceAll(from, to);
  }
  return { ...files, "api/redocly.yaml": configuration };
}

const good = "# A b\n\n[a](#a-b) [b](docs/b.md#one-two) [c](docs/) [d](https://a.invalid/#x)\n\n```\n[e](#f)\n```\n";
const bad = "[a](#nowhere) [b](docs/c.md) [c](docs/b.md#two) [d][d] ![e](e.png)\n\n[d]: docs/d.md\n";
const documents = (text) => ({ "README.md": text, "docs/b.md": "# One, two\n" });

// A linter, files, and the expected messages. Files that follow the rules cause none.
const cases = [
  [redocly("lint"), api(), []],
  [
    redocly("lint"),
    api(
      [", license: {name: MIT, identifier: MIT}", ""],
      ["What a brush has touched.", "Painted things."],
      ["Reads the colors.", "Gets things."],
      ["Starts with thing-.", "The thing's ID."],
      ["How it looks.", "Things."],
      ["The colors of one of them.", "A thing."],
      [", description: In hexadecimal digits.", ""],
      ["Begins with member-.", "The member's ID."],
      ["A neighbour.", "Another."],
      ["There is none.}", "There is none.}\n        '500': {$ref: '#/components/responses/Failed'}"],
    ),
    [
      "Info object should contain `license` field",
      '"Painted things." only repeats the name `things PaintedThings`',
      '"Gets things." only repeats the name `thingsGet`',
      "\"The thing's ID.\" only repeats the name `thing_id`",
      '"Things." only repeats the name `thingsGet`',
      '"A thing." only repeats the name `Thing`',
      "`color` is not described",
      "\"The member's ID.\" only repeats the name `member_id`",
      "Can't resolve $ref",
      // The location of the finding: a shared field in its own file.
      "api/shared/fields.yaml:1:",
      "api/consumer/things.yaml:26:",
    ],
  ],
  [redocly("bundle"), api(), []],
  [redocly("bundle"), api(["/Other", "/Thing"], ["{Other:", "{Thing:"]), ["`Thing` is the name of two types"]],
  [remark, documents(good), []],
  [
    remark,
    documents(bad),
    [
      "Cannot find heading for `#nowhere`",
      "Cannot find file `docs/c.md`",
      "Cannot find heading for `#two` in `docs/b.md`",
      "Cannot find file `docs/d.md`",
      "Cannot find file `e.png`",
    ],
  ],
  [typos, { "a.rs": "// OTPs receive what the session has.\n" }, []],
  [
    typos,
    { "a.rs": "// They recieve it.\n", "b.md": "A sesion.\n", "c.ts": "const nam = 1;\n" },
    ["`recieve` should be `receive`", "`sesion` should be `session`", "`nam` should be `name`"],
  ],
];

const types = `import type { A } from "a";
import { type B } from "b";
export type { A };
export interface X {
  a: A;
}
type Y =
  | B
  | X;
declare const z: Y;
`;
const code = `import "c";
const t = \`a
\${z}
b\`; // d
export class C {
  m() {
    return t;
  }
}
`;

let passed = 0;
let failed = 0;
function check(title, faults) {
  if (faults.length === 0) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAIL  ${title}`);
    for (const line of faults.join("\n").split("\n")) console.log(`  ${line}`);
  }
}

/** Runs a program on files in a new folder. Returns its status and output. */
function run([program, ...args], files) {
  const folder = mkdtempSync(join(tmpdir(), "stytch-edge-lint-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8", env });
  rmSync(folder, { recursive: true });
  return { status, output: stdout + stderr };
}

for (const [command, files, expected] of cases) {
  const { status, output } = run(command, files);
  const faults = expected.filter((text) => !output.includes(text)).map((text) => `the output lacks: ${text}`);
  if ((status === 0) !== (expected.length === 0)) faults.push(`ended with ${status}`);
  check(command.slice(0, 2).join(" "), faults.length > 0 ? [...faults, output] : []);
}

// The bundle inlines shared fields, and keeps the key of methods only.
const bundled = run(redocly("bundle"), api()).output;
const faults = [
  ...["x-stytch-methods", "Begins with member-.", "#/components/schemas/Other"].filter((text) => !bundled.includes(text)),
  ...["x-stytch-request", "a_member_id", "x-stytch-files"].filter((text) => bundled.includes(text)),
];
check("the shape of the bundle", faults);

const counted = run(countLines, { "a.ts": `${types}\n/** A comment. */\n${code}`, "generated/b.ts": code });
check("lines of TypeScript", counted.output === "9\n" ? [] : [`counts ${counted.output}`]);

for (const [sentence, name, expected] of [
  ["The member id.", "member_id", true],
  ["The ID of the member", "member_id", true],
  ["Identifies the member.", "memberId", true],
  ["Revokes the sessions of members.", "b2bMemberSessionRevoke", true],
  ["Whether it is verified.", "verified", true],
  ["The policies.", "policy", true],
  ["Dropped things.", "thing_drop", true],
  ["The e-mail address.", "email_address", true],
  ["The JWK set", "jwkSet", true],
  ["", "anything", true],
  ["Identifies the member; starts with member-.", "member_id", false],
  ["The user who logged in.", "user_id", false],
  ["Ends a session at once.", "consumerSessionsRevoke", false],
  ["Seconds until the token stops working.", "expires_in", false],
  ["Whether the person has proved to hold it.", "verified", false],
]) {
  check(`${sentence} / ${name}`, restates(sentence, name) === expected ? [] : [`restates: ${!expected}`]);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
