// The secret is sent in the Authorization header only. Errors and inspection never contain a
// secret, a token or a body.

import { failure, ok } from "./assert.js";
import { answering } from "./signer.js";

const TOKEN = "a-token-that-must-stay-hidden";

/** One call for each kind of failure. Each contains the token. */
const FAILING = {
  "the API refuses": (t) => t.consumer().magicLinks.authenticate({ token: TOKEN }),
  "the credentials are wrong": (t) =>
    t.consumer({ project_id: "project-test-1" }).magicLinks.authenticate({ token: TOKEN }),
  "the server does not listen": (t) =>
    t.consumer({ custom_base_url: "http://127.0.0.1:1" }).users.get({ user_id: "a", token: TOKEN }),
  "the response is not JSON": (t) =>
    t.consumer({ fetch: answering(`<${TOKEN}>`) }).sessions.revoke({ session_token: TOKEN }),
  "fetch rejects": (t) =>
    t
      .consumer({ fetch: () => Promise.reject(new Error("no network")) })
      .sessions.revoke({ session_token: TOKEN }),
  "the request times out": (t) =>
    t.consumer({ timeout: 50, fetch: () => new Promise(() => {}) }).sessions.revoke({ session_token: TOKEN }),
  "a token is malformed": (t) => t.consumer().sessions.authenticateJwtLocal({ session_jwt: TOKEN }),
  "a token is forged": async (t) => {
    const session_jwt = await t.emulator.token({ key: "stranger", claims: { sub: TOKEN } });
    return t.consumer().sessions.authenticateJwtLocal({ session_jwt });
  },
  "an argument is invalid": (t) => t.consumer().users.get({ user_id: "..", token: TOKEN }),
  "a value is not allowed in a header": (t) =>
    t
      .b2b()
      .organizations.members.create(
        { organization_id: "a" },
        { authorization: { session_token: `${TOKEN}\n` } },
      ),
  "a base URL has a password": (t) =>
    new t.stytch.Client({ ...t.config(), custom_base_url: `https://u:${TOKEN}@a.example` }),
  "the base URL is not a URL": (t) =>
    new t.stytch.Client({ ...t.emulator.consumer, env: TOKEN }),
};

export default (test) => {
  for (const [when, call] of Object.entries(FAILING)) {
    test(`does not reveal the secret or the token in the error if ${when}`, async (t) => {
      const error = await failure(() => call(t));
      ok(/^(Stytch|Request|Client)Error$/.test(error.name), `expected a typed error, found ${error}`);
      showsNone(t, views(error));
    });
  }

  test("does not reveal the secret in a client's JSON, inspection or properties", async (t) => {
    for (const client of [t.consumer(), t.b2b()]) {
      showsNone(t, [...views(client), await logged(client)]);
      for (const value of Object.values(client)) showsNone(t, views(value));
    }
  });
};

/** Every text form of a value, and its properties. */
export function views(value) {
  const texts = [];
  const seen = new Set();
  const walk = (part) => {
    if (typeof part !== "object" || part === null) return texts.push(String(part));
    if (seen.has(part)) return;
    seen.add(part);
    if (part instanceof Error) texts.push(part.message, String(part.stack));
    for (const name of Object.getOwnPropertyNames(part)) walk(part[name]);
  };
  walk(value);
  texts.push(String(value), JSON.stringify(value) ?? "");
  const inspect = Symbol.for("nodejs.util.inspect.custom");
  if (typeof value[inspect] === "function") texts.push(String(value[inspect]()));
  return texts;
}

/** The output of the runtime's own inspection, if the runtime has one. */
async function logged(value) {
  if (globalThis.Deno) return globalThis.Deno.inspect(value, { depth: 100, showHidden: true });
  if (globalThis.Bun) return globalThis.Bun.inspect(value, { depth: 100 });
  const node = globalThis.process?.getBuiltinModule?.("node:util");
  return node ? node.inspect(value, { depth: 100, showHidden: true }) : "";
}

function showsNone(t, texts) {
  const hidden = [TOKEN];
  for (const { project_id, secret } of [t.emulator.consumer, t.emulator.b2b]) {
    hidden.push(secret, btoa(`${project_id}:${secret}`));
  }
  for (const text of texts) {
    for (const word of hidden) ok(!text.includes(word), `"${text.slice(0, 80)}…" does not contain a secret`);
  }
}
