// @ts-check
// The two processes of the test: the emulated API (npm `stytch-emulator`), and a Worker in `wrangler dev`. Does not know the tests.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {Awaited<ReturnType<typeof startEmulator>>} Api */

/** Starts the emulator. It exits when its stdin closes, so it does not outlive this process. */
export async function startEmulator() {
  const options = ["--port", "0", "--end-with-stdin", "--quiet"];
  const child = spawn(process.execPath, [EMULATOR, ...options], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await waitForOutput(child, /^(\{.*\})$/m, "the emulator");
  const { url, consumer, b2b, public_tokens } = JSON.parse(line);
  /** @param {string} path @param {unknown} [order] */
  const ask = async (path, order) => {
    const body = order === undefined ? undefined : JSON.stringify(order);
    const method = body ? "POST" : "GET";
    const answer = await fetch(`${url}/_emulator/${path}`, {
      method,
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) throw new Error(`the emulator responded with ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    consumer,
    b2b,
    public_tokens,
    url,
    ask,
    /** Returns the API calls since the last call of this function, as `METHOD path status`. */
    newCalls: callsSince(ask),
    /** @param {string} address */
    newestLink: async (address) => {
      const { messages } = await ask("outbox.json");
      const mail = messages.find((/** @type {any} */ { to }) => to === address);
      if (!mail) throw new Error(`the outbox has no e-mail to ${address}`);
      return mail.url;
    },
    /** Calls `run` while the fault applies. @param {object} fault @param {() => Promise<void>} run */
    during: async (fault, run) => {
      await ask("faults", fault);
      await run().finally(() => fetch(`${url}/_emulator/faults`, { method: "DELETE" }));
    },
    end: () => end(child),
  };
}

/**
 * Starts a Worker in a new isolate, and waits for its first response. Default: the first example.
 * @param {Pick<Api, "url" | "consumer" | "b2b" | "public_tokens">} api @param {"consumer" | "b2b"} [product]
 */
export async function startWorker(api, product = "consumer") {
  const folder = mkdtempSync(join(tmpdir(), "stytch-edge-example-"));
  // The variables are in a file, because every user of the machine can read a command line.
  const variables = join(folder, "worker.env");
  const { project_id, secret } = api[product];
  const lines = [`STYTCH_PROJECT_ID=${project_id}`, `STYTCH_SECRET=${secret}`, `STYTCH_BASE_URL=${api.url}`];
  const port = product === "b2b" ? await freePort() : 0;
  if (product === "b2b") lines.push(`STYTCH_PUBLIC_TOKEN=${api.public_tokens.b2b}`, `ORIGIN=http://127.0.0.1:${port}`);
  writeFileSync(variables, lines.join("\n"), { mode: 0o600 });
  const options = ["--port", String(port), "--config", CONFIGURATIONS[product], "--env-file", variables, "--persist-to", folder];
  const started = performance.now();
  const child = spawn(join(TOOLS, "wrangler"), [...DEV, ...options], {
    cwd: EXAMPLE,
    env: { ...process.env, ...QUIET, PATH: `${TOOLS}${delimiter}${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += chunk));
  const [url] = await waitForOutput(child, /Ready on (http:\/\/127\.0\.0\.1:\d+)/, "wrangler dev");
  await fetch(url, { signal: AbortSignal.timeout(START_MS) });
  return {
    url,
    log: () => log,
    seconds: (performance.now() - started) / 1000,
    end: async () => {
      await end(child);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A port for a Worker whose origin is one of its variables. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {(path: string) => Promise<any>} ask */
function callsSince(ask) {
  let last = 0;
  return async () => {
    const { requests } = await ask(`requests.json?after=${last}`);
    last = requests.at(-1)?.number ?? last;
    return requests.map((/** @type {any} */ { method, path, status }) => `${method} ${path} ${status}`);
  };
}

/**
 * Waits until the output of a child matches a pattern, and returns the captured groups.
 * @param {import("node:child_process").ChildProcess} child @param {RegExp} pattern @param {string} name
 * @returns {Promise<string[]>}
 */
function waitForOutput(child, pattern, name) {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer);
      child.kill("SIGTERM");
      reject(new Error(`${name} ${why}\n${output}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${START_MS / 1000} s`), START_MS);
    child.on("error", (error) => fail(`did not start: ${error.message}`));
    child.on("exit", (code) => fail(`exited with ${code}`));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      const match = pattern.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve(match.slice(1));
    });
  });
}

/** Ends a child. wrangler also ends its workerd. @param {import("node:child_process").ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await gone;
  clearTimeout(timer);
}

const EXAMPLE = fileURLToPath(new URL("..", import.meta.url));
const TOOLS = join(EXAMPLE, "node_modules", ".bin");
const EMULATOR = join(EXAMPLE, "node_modules/stytch-emulator/dist/cli.js");
const CONFIGURATIONS = { consumer: "wrangler.jsonc", b2b: "b2b/wrangler.jsonc" };
const DEV = ["dev", "--local", "--ip", "127.0.0.1", "--inspector-port", "0"];
// wrangler sends no telemetry, fetches nothing and does not ask questions.
const QUIET = {
  CI: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NO_COLOR: "1",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_WRITE_LOGS: "false",
};
const START_MS = 90_000;
const ANSWER_MS = 15_000;
const END_MS = 10_000;
