// A Worker with one contestant. Its clock does not advance during a request, so the caller
// measures the time.

import { checkOf, runLap } from "./laps.mjs";

/** The Worker's handlers, for the module of a contestant. */
export function workerOf(module) {
  let check;
  let tokens;
  const routes = {
    /** Constructs the client and checks one token. */
    async "/start"(request) {
      const { server, keys, token } = await request.json();
      return module[keys](server)(token);
    },
    /** Constructs the client and fetches the pool, once. */
    async "/prepare"(request) {
      const { name, keys, server } = await request.json();
      check = checkOf(name, keys, module, server);
      tokens = await (await fetch(`${server.url}/tokens`)).json();
      return tokens.length;
    },
    /** One lap. */
    async "/lap"(request) {
      await runLap(check, tokens, await request.json());
      return "done";
    },
    /** One check, as in a guarded Worker. */
    "/guard"(request) {
      return check.ofRequest ? check.ofRequest(request) : check(request.headers.get("Authorization").slice("Bearer ".length));
    },
  };
  return {
    async fetch(request) {
      return new Response(await routes[new URL(request.url).pathname](request));
    },
  };
}
