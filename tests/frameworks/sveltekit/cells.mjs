// SvelteKit for Node: the package in devDependencies, so that adapter-node bundles it; a hook
// that guards a page, and a page that verifies tokens in the browser.

import { cpSync } from "node:fs";
import { join } from "node:path";

import { matches, same } from "../../conformance/assert.js";
import { WITHOUT_PROJECT } from "../adapter-project.mjs";
import { checkPage } from "../pages.mjs";
import { asked, PAGE } from "../requests.mjs";
import { adapterCells } from "./adapter-cells.mjs";

export const cells = [
  ...adapterCells,
  {
    name: "sveltekit: adapter-node, deployed without node_modules",
    group: "sveltekit",
    seconds: 8,
    often: true,
    awkward: true,
    run: async (harness) => {
      const project = await harness.project("app");
      // The app of docs/guide/sveltekit.md is built without the variables of the deployment.
      await harness.exec("vite", ["build"], { cwd: project, env: WITHOUT_PROJECT, node: "newer" });
      await harness.exec("tsc", [], { cwd: project });
      const cwd = harness.elsewhere("deployed");
      for (const name of ["build", "package.json"]) cpSync(join(project, name), join(cwd, name), { recursive: true });
      const port = await harness.port();
      const { url } = await harness.serve("node", ["build"], {
        cwd,
        env: { HOST: "127.0.0.1", PORT: port },
        node: "newer",
        port,
      });
      await check(harness, url, url.replace("http:", "https:"));
    },
  },
  {
    name: "sveltekit: development server",
    group: "sveltekit",
    seconds: 8,
    run: async (harness) => {
      const cwd = await harness.project("app");
      const port = await harness.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      const { url } = await harness.serve("vite", given, { cwd, node: "newer", port });
      await check(harness, url);
    },
  },
];

/** `origin` is what adapter-node expects, as it does not know that the server has no TLS. */
async function check(harness, url, origin = url) {
  await harness.guard.check(`${url}/account`);
  await checkForm(harness, url, origin);
  await checkPage(harness, `${url}/verify?project_id=${harness.environment.STYTCH_PROJECT_ID}`);
}

/** Fails unless a remote form is guarded, also without JavaScript, by the path of any page. */
async function checkForm({ guard }, url, origin) {
  const { session_token, session_jwt, user_id } = await guard.logIn();
  const Cookie = `stytch_session=${session_token}; stytch_session_jwt=${session_jwt}`;
  const { body } = await asked(`${url}/account`, { ...PAGE, Cookie });
  const [, action] = /action="(\?\/remote=[^"]+)"/.exec(body);
  const headers = { ...PAGE, Origin: origin, "Content-Type": "application/x-www-form-urlencoded" };
  const send = (path, more) => asked(`${url}${path}${action}`, { ...headers, ...more }, { method: "POST" });
  for (const path of ["/account", "/login", "/verify"]) same((await send(path)).status, 401, path);
  matches((await send("/account", { Cookie })).body, new RegExp(`Renamed by ${user_id}`));
}
