// Bun, which resolves the package by its `bun` condition: the suite, and a server, because Bun sets
// the content type of a text when it sends the response.

import { Client } from "stytch-edge";

import { deepSame } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { startProgram } from "../packaging/servers.mjs";
import { program, runInProcess } from "./inside/child.mjs";
import { runOwn } from "./inside/report.mjs";

const inside = new URL("inside/bun-server.mjs", import.meta.url).pathname;

await runInProcess("bun", program("bun"), () => ["run"], async (emulator) => runOwn({
  "keeps the content type of a response that receives cookies, as the client receives it": async () => {
    const { project_id, secret } = emulator.consumer;
    const client = new Client({ project_id, secret, custom_base_url: emulator.url });
    await client.magicLinks.email.loginOrCreate({ email: "ada@example.com" });
    const token = await new Emulator(emulator).tokenFor("ada@example.com");
    const { session_jwt, session_token } = await client.magicLinks.authenticate({ token, session_duration_minutes: 60 });
    const environment = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: emulator.url };
    const { url, end } = await startProgram(program("bun"), [inside], environment);
    const types = async (headers, cookies) => {
      const answers = await Promise.all(["/text", "/json", "/bytes"].map((path) => fetch(url + path, { headers })));
      return answers.map((answer) => [answer.headers.get("content-type"), answer.headers.getSetCookie().length === cookies]);
    };
    const known = await types({ Cookie: `stytch_session_jwt=${session_jwt}` }, 0);
    deepSame(known.map(([type]) => type), ["text/plain;charset=utf-8", "application/json;charset=utf-8", "application/octet-stream"]);
    const refreshed = await types({ Cookie: `stytch_session=${session_token}` }, 2);
    await end();
    deepSame(refreshed, known);
  },
}), 1);
