// Checks per second of a Worker over HTTP: some visitors at once, each with a
// connection of its own and a request after the other.

import { Agent, request } from "node:http";

import { CONTESTANTS, sessionId } from "./inside/laps.mjs";
import { turned } from "./inside/measure.mjs";

/** Requests per second by contestant and round: of tokens seen first, and of a few again and again. */
export async function measureLoad(url, tokens, { rounds, fresh, again, atOnce }, freshFrom) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const names = [...Object.keys(CONTESTANTS), "nobody"];
  const numbers = (from, count) => Array.from({ length: count }, (_, at) => from + at);
  const found = { loadFirst: {}, loadAgain: {} };
  const rate = async (name, queue) => {
    const count = queue.length;
    const started = performance.now();
    await Promise.all(numbers(0, atOnce).map(() => visitor(agent, url, name, tokens, queue)));
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

/** Goes through the queue, from its end, until nothing is left. */
async function visitor(agent, url, name, tokens, queue) {
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    const found = await ask(agent, url, { Authorization: tokens[number], Contestant: name });
    if (name !== "nobody" && found !== sessionId(number)) throw new Error(`${name} gave ${found} for token ${number}`);
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
