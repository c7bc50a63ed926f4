// Several isolates of workerd over one KV namespace: what a cold one fetches, requests
// that are cut off, keys that rotate under load. `node isolates.mjs 20` does it all twenty
// times; every round begins with a base URL that no isolate has seen.

import { spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { deepSame, ok, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { bundle, WASM } from "./inside/bundle.mjs";
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
  "a cold isolate with a warm store fetches nothing from the API": async (round) => {
    const session_jwt = await round.token();
    same((await round.during(() => round.accepted([0], [session_jwt]))).length, 1, "fetches of the first isolate");
    await round.stored();
    const tokens = Array.from({ length: 30 }, () => session_jwt);
    let late;
    const calls = await round.during(async () => (late = await round.accepted([1, 2, 3], tokens)));
    // On a busy machine KV may take longer than it is waited for, and that is told.
    same(calls.length, late, "fetches of requests that the store has answered");
    ok(late < tokens.length, "the store answers in time");
  },
  "many cold requests at once are all served when the first one is cut off": async (round) => {
    const session_jwt = await round.token();
    await round.cutOff(0, session_jwt, () => round.accepted([0], Array.from({ length: 40 }, () => session_jwt)));
  },
  "keys rotate under load, and no token of either key is refused": async (round) => {
    const old = await round.token();
    await round.accepted([0], [old]);
    await round.stored();
    await round.accepted([1, 2, 3], [old, old, old]);
    await emulator.rotateKeys("consumer");
    const renewed = await round.token();
    await round.clock(31);
    const tokens = Array.from({ length: 80 }, (_, i) => (i % 3 ? renewed : old));
    const calls = await round.during(() => round.accepted([0, 1, 2, 3], tokens));
    ok(calls.length >= 1 && calls.length <= ISOLATES.length, `${calls.length} fetches, at most one an isolate`);
    deepSame(await round.during(() => round.accepted([0, 1, 2, 3], tokens)), []);
  },
  "the fetch of a rotated key is taken over when its request is cut off": async (round) => {
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
    same(calls.length, 2, "fetches, the one that was cut off among them");
  },
  "keys are refreshed behind the request by the runtime's own waitUntil": async (round) => {
    const session_jwt = await round.token();
    await round.accepted([0], [session_jwt]);
    await round.clock(545);
    await emulator.withFault({ path_prefix, kind: "hang", times: 1 }, async () => {
      const started = Date.now();
      await round.asked(async () => {
        await round.accepted([0], [session_jwt]);
        ok(Date.now() - started < 2_000, "the request did not wait for it");
      });
    });
    await round.clock(576);
    await round.asked(() => round.accepted([0], [session_jwt]));
    await round.clock(1_100);
    // What the refresh brought is there as soon as its own request has ended.
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

/** What one test needs of the isolates, none of which has seen its base URL. */
async function newRound() {
  const config = { ...ready.consumer, custom_base_url: `${ready.url}/round/${crypto.randomUUID()}` };
  const post = async (isolate, path, body, signal) => {
    const answer = await fetch(`${urls[isolate]}${path}`, { method: "POST", body: JSON.stringify(body), signal });
    return answer.json();
  };
  const round = {
    token: () => emulator.token({ claims: { exp: 32503680000 } }),
    clock: (ahead_seconds) => Promise.all(urls.map((_, isolate) => post(isolate, "/clock", { ahead_seconds }))),
    /** The calls for key sets that reach the API meanwhile. */
    during: async (step) => (await emulator.callsDuring(step)).filter((call) => call.includes("/jwks/")),
    /**
     * All of these tokens are sessions, sent at once and in turns to these isolates. Gives
     * for how many of them the store was too late.
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
    /** Does `step` while a request is under way that waits for the keys and is then cut off. */
    async cutOff(isolate, session_jwt, step) {
      await emulator.withFault({ path_prefix, kind: "hang", times: 1 }, async () => {
        const [visitor, before] = [new AbortController(), await emulator.lastCall()];
        const body = { ...config, session_jwt, shares: false };
        const hanging = post(isolate, "/check", body, visitor.signal).catch(() => "cut off");
        await until(async () => (await emulator.lastCall())?.number !== before?.number, "a fetch of the keys");
        const others = step();
        visitor.abort();
        same(await hanging, "cut off");
        await others;
      });
    },
    /** Until the store has the keys: they are put there behind the request. */
    stored: async () => {
      const found = async () => (await (await fetch(`${urls[0]}/stored`)).json()) > stored;
      await until(found, "keys in the store");
    },
    /** Does `step`, and waits until the API has been asked for keys once because of it. */
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
  while (!(await isSo())) if (Date.now() > end) throw new Error(`there was never ${what}`);
}

async function startIsolates() {
  const folder = temporaryFolder("isolates");
  const wasm = () => ({ path: "./stytch_edge.wasm", external: true });
  const outfile = join(folder, "worker.js");
  await bundle("isolate-worker.mjs", { condition: "workerd", outfile, define: {}, format: "esm", wasm });
  await copyFile(WASM, join(folder, "stytch_edge.wasm"));
  const tools = process.env.WRANGLER_NODE_BIN;
  if (!tools) throw new Error("WRANGLER_NODE_BIN must name the folder of programs with workerd in it");
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
