// The suite as a Cloudflare Worker. The runner's bundle replaces EMULATOR, because module scope
// cannot receive arguments.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import * as memory from "../../conformance/memory.js";
import { run } from "../../conformance/suite.js";
import { hono, stytch, verify } from "./entries.mjs";

/* global EMULATOR */

const moduleScopeClient = new stytch.Client({ ...EMULATOR.consumer, custom_base_url: EMULATOR.url });

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/check") return Response.json(await check(await request.json()));
    if (pathname === "/guarded") return guarded(request);
    const runtime = searchParams.get("runtime");
    return Response.json(await run({ runtime, stytch, verify, hono, emulator: EMULATOR, memory, moduleScopeClient }));
  },
};

const guarded = stytch.withSession(
  (request) => {
    const headers = new URL(request.url).searchParams.has("log_out") ? { "Set-Cookie": "stytch_session=; Max-Age=0" } : {};
    return new Response("in", { headers });
  },
  { client: moduleScopeClient },
);

/** One local check with a new client. */
async function check({ session_jwt, ...config }) {
  const client = new stytch.Client({ ...EMULATOR.consumer, ...config });
  return client.sessions
    .authenticateJwtLocal({ session_jwt })
    .catch(({ code, reason }) => ({ code, reason }));
}
