// The examples of the guides docs/guide/testing.md and testing-end-to-end.md that use the emulator. Each runs unchanged, apart
// from ports and paths. tests/packaging runs the examples with a mock.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";
import { pythonWithStytch } from "../official/python/environment.mjs";
import { blocksOf, blockWith, textOf } from "../packaging/blocks.mjs";
import { inFolder, startServer } from "./guide/commands.mjs";
import { guideProject } from "./guide/project.mjs";
import { serverTests } from "./guide/server.mjs";

const UNIT = "docs/guide/testing.md";
const END_TO_END = "docs/guide/testing-end-to-end.md";
const CONTROL = "docs/reference/emulator-control.md";

/** The examples that continue the first one: words that only this example has. */
const CONTINUED = ["createEmulator({\n", "current_date:", "useFakeTimers", "dateTokensBy", "faults.add", "mint({ factors", "mint({ flaw })", "svix", "snapshot()"];

/** Tests of the examples, by name. `require` finds the packages of this folder. */
export function guideTests(require) {
  const seed = blockWith(UNIT, "# seed.yaml");
  const first = blockWith(UNIT, "afterEach(() => stytch.close())");
  return {
    "guide: every example has a test": () => {
      const counts = {};
      for (const { document, language } of [UNIT, END_TO_END].flatMap(blocksOf)) {
        const name = `${document.split("/").at(-1)} ${language}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
      // `js`: the first one, its continuations, node:test, and two in tests/packaging; `ts` is compiled. The second `js` of the
      // other guide runs in tests/runtimes/emulator-sdk.mjs.
      deepSame(counts, {
        "testing.md sh": 1,
        "testing.md js": CONTINUED.length + 4,
        "testing.md yaml": 1,
        "testing.md ts": 1,
        "testing-end-to-end.md sh": 1,
        "testing-end-to-end.md json": 1,
        "testing-end-to-end.md js": 2,
        "testing-end-to-end.md python": 1,
        "testing-end-to-end.md yaml": 2,
      });
    },
    "guide: the example for Vitest and its continuations pass": async () => {
      const folder = guideProject({ "guide.test.js": [first, ...CONTINUED.map(continued)].join("\n") });
      // Vitest requires a newer Node.
      const PATH = `${process.env.WRANGLER_NODE_BIN}:${process.env.PATH}`;
      const { stdout } = await run(inFolder("node_modules/.bin/vitest"), ["run"], folder, { PATH, NO_COLOR: "1" });
      matches(stdout, new RegExp(`Tests +${CONTINUED.length + 1} passed \\(${CONTINUED.length + 1}\\)`));
    },
    "guide: the example for Vitest passes in Jest without the import of vitest": async () => {
      const text = first.replace(/^import .* from "vitest";\n/m, "");
      ok(text !== first, "the example imports vitest");
      const folder = guideProject({ "suite.test.js": text });
      const { stderr } = await run(inFolder("node_modules/.bin/jest"), ["--ci", "--no-cache", "--config", inFolder("jest/jest.config.cjs"), "--rootDir", folder], folder);
      matches(stderr, /^Tests: +1 passed, 1 total$/m);
    },
    "guide: the example for npm stytch passes in node:test": async () => {
      const folder = guideProject({ "guide.test.js": blockWith(UNIT, `from "stytch"`) });
      const { stdout } = await run(process.execPath, ["guide.test.js"], folder);
      matches(stdout, /\bpass 1\b.*\bfail 0\b/s);
    },
    "guide: the seed has users, clients, policies and members": async () => {
      const { Client, B2BClient } = require("stytch-edge");
      const server = await startServer(["--seed", "seed.yaml", "--port", "0"], guideProject({ "seed.yaml": seed }));
      try {
        const { url, consumer, b2b } = server.ready;
        same(consumer.project_id, /STYTCH_PROJECT_ID: (\S+)/.exec(blockWith(END_TO_END, "runs-on"))[1]);
        const [client, members] = [new Client({ ...consumer, custom_base_url: url }), new B2BClient({ ...b2b, custom_base_url: url })];
        deepSame((await client.users.get({ user_id: "user-test-ada" })).roles, ["stytch_user", "editor"]);
        const { access_token } = await client.m2m.token({ client_id: "m2m-client-test-reports", client_secret: "a-secret", scopes: ["read:reports"] });
        deepSame((await client.m2m.authenticateToken({ access_token, required_scopes: ["read:reports"] })).scopes, ["read:reports"]);
        ok((await client.rbac.policy({})).policy.roles.some(({ role_id }) => role_id === "editor"), "the policy has the role");
        const { member } = await members.organizations.members.get({ organization_id: "organization-test-acme", member_id: "member-test-eve" });
        same(member.is_admin, true);
      } finally {
        await server.end();
      }
    },
    "guide: the example for Playwright passes in Chromium": async () => {
      const launchOptions = { executablePath: process.env.STYTCH_CHROMIUM, args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] };
      const config = { testDir: ".", workers: 1, reporter: "line", timeout: 60_000, use: { launchOptions } };
      const folder = guideProject({
        "playwright.config.js": `export default ${JSON.stringify(config)};`,
        "guide.spec.js": blockWith(END_TO_END, "@playwright/test"),
        "app.js": `export * from ${JSON.stringify(new URL("guide/app.js", import.meta.url).href)};`,
      });
      const { stdout } = await run(inFolder("node_modules/.bin/playwright"), ["test"], folder, { CI: "true", NO_COLOR: "1", FORCE_COLOR: "0" });
      matches(stdout, /\b1 passed\b/);
    },
    "guide: the example for Python passes": async () => {
      const folder = guideProject({});
      writeFileSync(join(folder, "guide.py"), blockWith(END_TO_END, "import stytch"));
      const { stderr } = await run(pythonWithStytch(), ["guide.py"], folder, { PYTHONDONTWRITEBYTECODE: "1" });
      matches(stderr, /^Ran 1 test in .*\n\nOK\n$/m);
    },
    "guide: npm stytch and PyPI stytch accept http as env and environment only": async () => {
      const server = await startServer(["--port", "0"], guideProject({}));
      try {
        const { url, consumer } = server.ready;
        const official = require("stytch");
        ok((await failure(async () => new official.Client({ ...consumer, custom_base_url: url }))) instanceof Error, "custom_base_url");
        same((await new official.Client({ ...consumer, env: url }).users.create({ email: "ada@example.com" })).status_code, 201);
        const text = `import json, sys, stytch\nstytch.Client(**json.loads(sys.argv[1]), custom_base_url=sys.argv[2])`;
        const refusal = await failure(() => run(pythonWithStytch(), ["-c", text, JSON.stringify(consumer), url], "."));
        matches(refusal.stderr, /custom_base_url/);
      } finally {
        await server.end();
      }
    },
    ...serverTests({ document: END_TO_END, seed }),
    "guide: the reference lists the control routes that the emulator has": async () => {
      const { createEmulator } = require("stytch-emulator");
      const routes = [...textOf(CONTROL).matchAll(/^\| `(GET|POST|DELETE) (\/_emulator\/[\w/.]+)/gm)].map(([, method, path]) => [method, path]);
      same(routes.length, ROUTES, "routes");
      for (const [method, path] of routes) {
        const stytch = await createEmulator();
        const response = await stytch.fetch(`https://test.stytch.com${path}`, { method, ...(method === "POST" && { body: "{}" }) });
        ok(response.status !== 404, `${method} ${path} exists`);
        stytch.close();
      }
    },
  };
}

const ROUTES = 27;

/** An example as a test after the first example, whose imports it has. */
function continued(words) {
  const lines = blockWith(UNIT, words).split("\n");
  const isImport = (line) => line.startsWith("import ");
  return [...lines.filter(isImport), `test(${JSON.stringify(words)}, async () => {`, ...lines.filter((line) => !isImport(line)), "});"].join("\n");
}

/** Runs a program. If it fails, the error contains its output. */
async function run(program, options, folder, env = {}) {
  try {
    return await promisify(execFile)(program, options, { cwd: folder, env: { ...process.env, ...env }, timeout: 120_000 });
  } catch (error) {
    throw Object.assign(new Error(`${error.message}\n${error.stdout}${error.stderr}`), { stderr: error.stderr });
  }
}
