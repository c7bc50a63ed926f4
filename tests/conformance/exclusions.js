// Tests that a runtime cannot have, each with the reason. Nothing else is left out.

export const EXCLUSIONS = [
  {
    test: "tasks: fails a call that waits for another one's keys when the wasm traps",
    runtimes: ["workerd", "workerd-2024", "edge"],
    reason: "no call waits for another one there",
  },
  {
    test: "config: builds a client at module scope that works afterwards",
    runtimes: ["node-import", "node-require", "deno", "bun", "chromium"],
    reason: "module scope is like any other scope there",
  },
  {
    test: "config: reads its credentials from process.env",
    runtimes: ["workerd", "workerd-2024", "edge", "chromium"],
    reason: "there is no process",
  },
  {
    test: "config: names itself to the API",
    runtimes: ["chromium"],
    reason: "a page cannot name the user agent",
  },
  {
    test: "handlers: sets refreshed cookies on a copy, so that no other visitor gets them",
    runtimes: ["chromium"],
    reason: "a Response in a page cannot set cookies",
  },
  {
    test: "handlers: adds cookies where headers have one text for all of them",
    runtimes: ["chromium"],
    reason: "the same",
  },
  {
    test: "handlers: clears the cookies of a session that is over, whoever words the answer",
    runtimes: ["chromium"],
    reason: "the same",
  },
  {
    test: "handlers: leaves the cookies of a log-out as they are where the session was refreshed before it",
    runtimes: ["chromium"],
    reason: "the same",
  },
  {
    test: "handlers: lets visitors with a session through Hono's middleware, and no others",
    runtimes: ["chromium"],
    reason: "nobody guards a page with a middleware, and the suite comes there unbundled",
  },
];
