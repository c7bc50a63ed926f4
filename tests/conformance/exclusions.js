// Tests that a runtime cannot run, each with the reason. Every other test runs in every runtime.

export const EXCLUSIONS = [
  {
    test: "tasks: rejects a call that waits for the key request of another call if the wasm traps",
    runtimes: ["workerd", "workerd-2024", "edge"],
    reason: "calls do not wait for each other's requests in this runtime",
  },
  {
    test: "config: accepts a client that was constructed at module scope",
    runtimes: ["node-import", "node-require", "deno", "bun", "chromium"],
    reason: "module scope has no restrictions in this runtime",
  },
  {
    test: "config: reads the credentials from process.env",
    runtimes: ["workerd", "workerd-2024", "edge", "chromium"],
    reason: "this runtime has no `process`",
  },
  {
    test: "config: sends a user agent with the package's name",
    runtimes: ["chromium"],
    reason: "a page cannot set the User-Agent header",
  },
  {
    test: "handlers: sets refreshed cookies on a copy of the response, so that no other user receives them",
    runtimes: ["chromium"],
    reason: "a Response in a page cannot contain Set-Cookie headers",
  },
  {
    test: "handlers: adds cookies if Headers has no getSetCookie",
    runtimes: ["chromium"],
    reason: "a Response in a page cannot contain Set-Cookie headers",
  },
  {
    test: "handlers: clears the cookies of a revoked session, also with a custom `refused` response",
    runtimes: ["chromium"],
    reason: "a Response in a page cannot contain Set-Cookie headers",
  },
  {
    test: "handlers: keeps the cookies of a log-out if the session was refreshed before the handler ran",
    runtimes: ["chromium"],
    reason: "a Response in a page cannot contain Set-Cookie headers",
  },
  {
    test: "handlers: calls a Hono handler only for requests with a session",
    runtimes: ["chromium"],
    reason: "middleware runs on servers, and the page loads the suite without Hono",
  },
  {
    test: "network: sends a POST once if the server closes or resets the connection",
    runtimes: ["chromium"],
    reason: "Chromium sends a request again if a reused connection breaks",
  },
];
