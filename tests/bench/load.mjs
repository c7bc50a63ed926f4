// Checks per second of a Worker over HTTP: concurrent clients, each with its own connection and
// one request at a time.

import { Agent, request } from "node:http";

import { CONTESTANTS, sessionId } from "./inside/laps.mjs";
import { turned } from "./inside/measure.mjs";

/** Requests per second by contestant and round: for new tokens, and for a few repeated tokens. */
export async function measureLoad(url, tokens, { rounds, fresh, again, atOnce }, freshFrom) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const names = [...Object.keys(CONTESTANTS), "no check"];
  const numbers = (from, count) => Array.from({ length: count }, (_, at) => from + at);
  const found = { loadFirst: {}, loadAgain: {} };
  const rate = async (name, queue) => {
    const count = queue.length;
    const started = performance.now();
    await Promise.all(numbers(0, atOnce).map(() => httpClient(agent, url, name, tokens, queue)));
    return (count * 1000) / (performance.now() - started);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of turned(names, round)) {
      (found.loadFirst[name] ??= []).push(await rate(name, numbers(freshFrom[round], fresh)));
      const seen = numbers(0, again).map((at) => freshFrom[round] + (at % FEW));
      (found.loadAgain[name] ??= []).push(await rate(name, seen));
    }
  }
  agent.destroy();
  return found;
}

/** Sends a request for each token number of the queue, from its end. */
async function httpClient(agent, url, name, tokens, queue) {
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    const found = await ask(agent, url, { Authorization: tokens[number], Contestant: name });
    if (name !== "no check" && found !== sessionId(number)) throw new Error(`${name} returned ${found} for token ${number}`);
  }
}

function ask(agent, url, headers) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (some) => (text += some));
      answer.on("end", () => resolve(text));
      answer.on("error", reject);
    });
    asked.on("error", reject).end();
  });
}

const FEW = 20;
