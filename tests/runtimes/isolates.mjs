// Several isolates of workerd with one KV namespace: requests of a new isolate, aborted
// requests, and key rotation under load. `node isolates.mjs 20` runs all tests twenty times.
// Every test uses a new base URL.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { deepSame, ok, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { bundleWorker } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";

const ROUNDS = Number(process.argv[2] ?? 1);
const ISOLATES = ["first", "second", "third", "fourth"];

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const path_prefix = emulator.keySetPath("consumer");
const { urls, end: endIsolates } = await startIsolates();

const TESTS = {
  "sends no request from a new isolate if the store contains the keys": async (round) => {
    const session_jwt = await round.token();
    same((await round.during(() => round.accepted([0], [session_jwt]))).length, 1, "fetches of the first isolate");
    await round.stored();
    const tokens = Array.from({ length: 30 }, () => session_jwt);
    let late;
    const calls = await round.during(async () => (late = await round.accepted([1, 2, 3], tokens)));
    // On a busy machine, KV may exceed the time limit. The client reports that as an event, which `late` counts.
    same(calls.length, late, "fetches in addition to the late responses of the store");
    ok(late < tokens.length, "the store responds in time at least once");
  },
  "serves concurrent requests of a new isolate if the first one is aborted": async (round) => {
    const session_jwt = await round.token();
    await round.cutOff(0, session_jwt, () => round.accepted([0], Array.from({ length: 40 }, () => session_jwt)));
  },
  "accepts tokens of the old and the new key during a rotation under load": async (round) => {
    const old = await round.token();
    await round.accepted([0], [old]);
    await round.stored();
    await round.accepted([1, 2, 3], [old, old, old]);
    await emulator.rotateKeys("consumer");
    const renewed = await round.token();
    await round.clock(31);
    const tokens = Array.from({ length: 80 }, (_, i) => (i % 3 ? renewed : old));
    const calls = await round.during(() => round.accepted([0, 1, 2, 3], tokens));
    ok(calls.length >= 1 && calls.length <= ISOLATES.length, `${calls.length} fetches, expected at most one per isolate`);
    deepSame(await round.during(() => round.accepted([0, 1, 2, 3], tokens)), []);
  },
  "fetches a rotated key in another request if the first request is aborted": async (round) => {
    const old = await round.token();
    await round.accepted([0], [old], false);
    await emulator.rotateKeys("consumer");
    const renewed = await round.token();
    await round.clock(31);
    const calls = await round.during(() =>
      round.cutOff(0, renewed, async () => {
        const started = Date.now();
        await round.accepted([0], Array.from({ length: 20 }, () => renewed), false);
        ok(Date.now() - started < 4_500, `it took ${Date.now() - started} ms`);
      }),
    );
    same(calls.length, 2, "fetches, including the aborted one");
  },
  "refreshes keys in the background with the runtime's own waitUntil": async (round) => {
    const session_jwt = await round.token();
    await round.accepted([0], [session_jwt]);
    await round.clock(545);
    await emulator.withFault({ path_prefix, kind: "hang", times: 1 }, async () => {
      const started = Date.now();
      await round.asked(async () => {
        await round.accepted([0], [session_jwt]);
        ok(Date.now() - started < 2_000, "the request did not wait for the refresh");
      });
    });
    await round.clock(576);
    await round.asked(() => round.accepted([0], [session_jwt]));
    await round.clock(1_100);
    // The new keys are available after the request that refreshed them has ended.
    await until(async () => (await round.during(() => round.accepted([0], [session_jwt]))).length === 0, "fresh keys");
  },
};

const results = [];
for (let number = 1; number <= ROUNDS; number += 1) {
  const tests = Object.entries(TESTS).map(([name, body]) => [`${number}: ${name}`, async () => body(await newRound())]);
  results.push(...(await runOwn(Object.fromEntries(tests))));
}
await endIsolates();
await end();
report(results, ROUNDS * Object.keys(TESTS).length);

/** The operations of one test, with a base URL that no isolate has used. */
async function newRound() {
  const config = { ...ready.consumer, custom_base_url: `${ready.url}/round/${crypto.randomUUID()}` };
  const post = async (isolate, path, body, signal) => {
    const answer = await fetch(`${urls[isolate]}${path}`, { method: "POST", body: JSON.stringify(body), signal });
    return answer.json();
  };
  const round = {
    token: () => emulator.token({ claims: { exp: 32503680000 } }),
    clock: (ahead_seconds) => Promise.all(urls.map((_, isolate) => post(isolate, "/clock", { ahead_seconds }))),
    /** The requests for key sets that the API receives while `step` runs. */
    during: async (step) => (await emulator.callsDuring(step)).filter((call) => call.includes("/jwks/")),
    /**
     * Sends the tokens concurrently, in turn to these isolates, and asserts that all are accepted.
     * Returns the number of checks in which the store exceeded its time limit.
     */
    async accepted(isolates, tokens, shares = true) {
      const checks = tokens.map((session_jwt, i) => {
        const isolate = isolates[i % isolates.length];
        return post(isolate, "/check", { ...config, session_jwt, shares }, AbortSignal.timeout(20_000));
      });
      const verdicts = await Promise.all(checks);
      deepSame(verdicts.filter((verdict) => !("session_id" in verdict)), [], "refused");
      return verdicts.reduce((sum, { late }) => sum + late, 0);
    },
    /** Runs `step` while another request waits for the keys. Then aborts that request. */
    async cutOff(isolate, session_jwt, step) {
      await emulator.withFault({ path_prefix, kind: "hang", times: 1 }, async () => {
        const [client, before] = [new AbortController(), await emulator.lastCall()];
        const body = { ...config, session_jwt, shares: false };
        const hanging = post(isolate, "/check", body, client.signal).catch(() => "aborted");
        await until(async () => (await emulator.lastCall())?.number !== before?.number, "a fetch of the keys");
        const others = step();
        client.abort();
        same(await hanging, "aborted");
        await others;
      });
    },
    /** Waits until the store has the keys. The client writes them in the background. */
    stored: async () => {
      const found = async () => (await (await fetch(`${urls[0]}/stored`)).json()) > stored;
      await until(found, "keys in the store");
    },
    /** Runs `step`, and waits until it has caused one request for keys. */
    async asked(step) {
      const before = (await emulator.lastCall()).number;
      const calls = await round.during(async () => {
        await step();
        await until(async () => (await emulator.lastCall()).number > before, "a fetch of the keys");
      });
      same(calls.length, 1, "fetches of the keys");
    },
  };
  await round.clock(0);
  const stored = await (await fetch(`${urls[0]}/stored`)).json();
  return round;
}

async function until(isSo, what) {
  const end = Date.now() + 10_000;
  while (!(await isSo())) if (Date.now() > end) throw new Error(`timeout: ${what}`);
}

async function startIsolates() {
  const folder = temporaryFolder("isolates");
  await bundleWorker("isolate-worker.mjs", folder);
  const tools = process.env.WRANGLER_NODE_BIN;
  if (!tools) throw new Error("WRANGLER_NODE_BIN must name the node_modules/.bin folder with workerd");
  const program = fileURLToPath(new URL("inside/serve-isolates.mjs", import.meta.url));
  const given = JSON.stringify({ tools, folder, isolates: ISOLATES });
  const child = spawn(join(tools, "node"), [program, given], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", reject);
  });
  const listening = new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
  const line = await Promise.race([listening, ended]);
  if (typeof line !== "string") throw new Error(`miniflare ended with code ${line} before it listened`);
  const end = () => {
    child.stdin.end();
    return ended;
  };
  return { urls: JSON.parse(line), end };
}
