// Node, Deno and Bun: programs that run a script. Each measurement is a new process.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { program } from "../runtimes/inside/child.mjs";
import { sessionId } from "./inside/laps.mjs";
import { inRounds } from "./inside/measure.mjs";
import { measureParts } from "./profile.mjs";

/** The commands that start them. Deno has the permissions that npm stytch requires. */
const COMMANDS = {
  node: { command: process.execPath, options: [] },
  deno: {
    command: program("deno"),
    options: ["run", "--no-prompt", "--no-remote", "--no-lock", "--allow-net=127.0.0.1", "--allow-env", "--allow-read"],
  },
  bun: { command: program("bun"), options: ["run"] },
};

/** A runtime by its name in COMMANDS. `before` describes an older package. */
export function processRuntime(name, before) {
  const { command, options } = COMMANDS[name];
  const run = (asked) => lastLineOf(command, [...options, INSIDE, JSON.stringify({ ...asked, before: before?.url })]);
  return {
    version: () => textOf(command, ["--version"]).then((text) => /\d+\.\d+\.\d+/.exec(text)[0]),
    laps: ({ server, plan, freshFrom, contestants }) => run({ task: "laps", server, plan, freshFrom, contestants }),
    growth: ({ server, plan }) => run({ task: "growth", server, plan }),
    parts: (given) => measureParts(given.rounds, (start) => run({ task: "parts", ...given, ...start })),
    starts({ server, plan, tokens }, contestants) {
      const first = { task: "start", server, token: tokens[0], expected: sessionId(0) };
      return inRounds(plan, Object.keys(contestants), (name) => run({ ...first, ...contestants[name] }), plan.starts);
    },
  };
}

async function lastLineOf(command, given) {
  const text = await textOf(command, given);
  return JSON.parse(text.trim().split("\n").at(-1));
}

/** The output of a program. Fails unless the program exits with code 0. */
export async function textOf(command, given) {
  const child = spawn(command, given, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  let text = "";
  for await (const some of child.stdout.setEncoding("utf8")) text += some;
  const code = await ended;
  if (code !== 0) throw new Error(`${command} ended with code ${code}: ${text}`);
  return text;
}

const INSIDE = fileURLToPath(new URL("inside/process.mjs", import.meta.url));
