// Checks per second of Workers over HTTP: concurrent clients, each with its own connection and
// one request at a time.

import { Agent, request } from "node:http";

import { sessionId } from "./inside/laps.mjs";
import { inRounds } from "./inside/measure.mjs";

/** Requests per second by contestant and round: for new tokens, and for a few repeated tokens. `urls` has one URL per contestant. */
export async function measureLoad(urls, contestants, tokens, plan, freshFrom) {
  const { rounds, fresh, again, atOnce } = plan.load;
  const agent = new Agent({ keepAlive: true });
  const numbers = (from, count) => Array.from({ length: count }, (_, at) => from + at);
  const rate = async (name, queue) => {
    const count = queue.length;
    const started = performance.now();
    await Promise.all(numbers(0, atOnce).map(() => httpClient(agent, urls[name], name, tokens, queue)));
    return (count * 1000) / (performance.now() - started);
  };
  const seen = numbers(0, again).map((at) => at % FEW);
  const loadFirst = await inRounds(plan, contestants.loadFirst, (name, round) => rate(name, numbers(freshFrom[round], fresh)), rounds);
  const loadAgain = await inRounds(plan, contestants.loadAgain, (name) => rate(name, [...seen]), rounds);
  agent.destroy();
  return { loadFirst, loadAgain };
}

/** Sends a request for each token number of the queue, from its end. */
async function httpClient(agent, url, name, tokens, queue) {
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    const found = await ask(agent, url, { Authorization: `Bearer ${tokens[number]}` });
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
