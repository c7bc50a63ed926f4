// A Worker that does one part of a cold start in each request. The caller measures the time.

import { checksOf, OPTIONS } from "./parts.mjs";

/** The Worker's handlers, for an entry of the package. */
export function partsWorker(module) {
  let given;
  let client;
  const check = (number) => client.check(given.tokens[number]);
  const routes = {
    /** Reads the task, which is not a part. */
    async "/given"(request) {
      given = await request.json();
    },
    "/nothing": () => {},
    "/client"() {
      const { server, keys, store } = given;
      client = checksOf(module, server, OPTIONS[keys](server, store));
    },
    "/keys": () => client.load(),
    "/first": () => check(0),
    "/other": () => check(1),
    "/again": () => check(0),
  };
  return {
    async fetch(request) {
      await routes[new URL(request.url).pathname](request);
      return new Response("done");
    },
  };
}
