// Keep-alive in Node: a server that closes idle connections, sometimes just when a request arrives, loses no call that is
// safe to repeat. Without retries it loses some, so that the test can fail.

import { once } from "node:events";
import { createServer } from "node:http";

import { Client } from "stytch-edge";

import { ok, same } from "../conformance/assert.js";
import { report, runOwn } from "./inside/report.mjs";

const CALLS = 1_000;

/** Calls at the same time. Each lane sends one call after the other, with pauses of at most `PAUSE_MS`. */
const LANES = 10;
const PAUSE_MS = 60;

/** The server closes this part of the connections when they are idle, at most this long: sometimes just when a request comes. */
const CLOSED = 0.05;
const IDLE_MS = 120;

/** The part of the requests that are answered with a reset, because the race alone is rare on some machines. */
const RESET = 0.03;

/** Fills the retry budget of the isolate after a measurement. */
const REFILL = 250;

const { url, server } = await startServer();
const results = await runOwn({
  "loses no call in 1,000 if a server closes idle connections": async () => {
    const without = await lostOf(0);
    server.forget();
    const lost = await lostOf(undefined);
    console.log(`${lost} of ${CALLS} calls lost with the default, ${without} with retries: 0`);
    same(lost, 0, "calls lost with the default number of retries");
    ok(without > 0, `${without} calls are lost without retries`);
  },
});
report(results, 1);
process.exit();

/** The number of calls that fail with a RequestError. */
async function lostOf(retries) {
  const client = new Client({ project_id: "project-test-1", secret: "secret-test-1", custom_base_url: url, ...(retries !== undefined && { retries }) });
  let [next, lost] = [0, 0];
  const lane = async () => {
    while ((next += 1) <= CALLS) {
      const number = next;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * Math.random()));
      try {
        await (number % 2 ? client.users.get({ user_id: `user-test-${number}` }) : client.users.search({ limit: number }));
      } catch (error) {
        same(error.name, "RequestError", error.message);
        if (retries === undefined) console.log(`lost: ${error.message}, attempts: ${error.attempts}`);
      lost += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  server.isReliable = true;
  for (let number = 0; number < REFILL; number += 1) await client.debug.whoami();
  server.isReliable = false;
  return lost;
}

/** A server that closes idle connections, and resets a part of them after a request: each call once at most. */
async function startServer() {
  const seen = new Set();
  const server = createServer(async (request, response) => {
    const { socket } = request;
    clearTimeout(socket.idle);
    let call = request.url;
    for await (const chunk of request) call += chunk;
    if (!server.isReliable && !seen.has(call) && Math.random() < RESET) {
      seen.add(call);
      return socket.resetAndDestroy();
    }
    response.setHeader("Content-Type", "application/json");
    response.end(`{"status_code":200,"request_id":"request-id-test-1","results":[]}`, () => {
      // Without a `Keep-Alive` header the client does not know when the connection ends.
      if (!server.isReliable && Math.random() < CLOSED) socket.idle = setTimeout(() => socket.destroy(), IDLE_MS * Math.random());
    });
  });
  Object.assign(server, { keepAliveTimeout: 0, isReliable: false, forget: () => seen.clear() });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}
