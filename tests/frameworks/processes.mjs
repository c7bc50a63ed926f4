// Child processes of the matrix: tools and servers. Each child leads its own process group, and the
// matrix ends the whole group by its id. This module knows nothing about cells.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

/** Runs a tool to its end and returns its output. Fails if the tool fails or exceeds its time limit. */
export async function execute(command, given, { cwd, env, seconds = 240 }) {
  const child = start(command, given, { cwd, env });
  const timer = setTimeout(() => child.end("SIGKILL"), seconds * 1000);
  const how = await child.ended;
  clearTimeout(timer);
  await child.end("SIGKILL");
  if (how !== 0) {
    throw new Error(`${[command, ...given].join(" ")} ended with ${how}; its limit is ${seconds} s\n${child.tail()}`);
  }
  return child.output();
}

/** Starts a server and returns once its port accepts connections. `end` stops its process group. */
export async function serve(command, given, { cwd, env, port }) {
  const child = start(command, given, { cwd, env });
  const failed = (what) => new Error(`${[command, ...given].join(" ")} ${what}\n${child.tail()}`);
  let ended;
  child.ended.then((how) => (ended = how));
  for (let tries = 0; !(await accepts(port)); tries += 1) {
    if (ended !== undefined) throw failed(`ended with ${ended} before it listened`);
    if (tries === TRIES) {
      await child.end("SIGKILL");
      throw failed(`does not listen on port ${port} after ${(TRIES * BETWEEN_TRIES_MS) / 1000} s`);
    }
    await pause(BETWEEN_TRIES_MS);
  }
  return { url: `http://127.0.0.1:${port}`, end: () => child.end("SIGTERM"), output: child.output, tail: child.tail };
}

/**
 * A free port of 127.0.0.1. It is below the range of ports for outgoing connections, and each
 * call returns another port.
 */
export async function freePort() {
  for (;;) {
    nextPort = nextPort < LAST_PORT ? nextPort + 1 : FIRST_PORT;
    const port = nextPort;
    const server = createServer().listen(port, "127.0.0.1");
    const free = await new Promise((resolve) => {
      server.once("listening", () => resolve(true));
      server.once("error", () => resolve(false));
    });
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

function start(command, given, { cwd, env }) {
  const child = spawn(command, given, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const texts = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => texts.push(text));
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(`${error}`));
    child.once("exit", (code, signal) => resolve(code ?? signal));
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const output = () => texts.join("");
  if (child.pid) running.add(child.pid);
  const end = async (signal) => {
    if (!child.pid) return;
    signalGroup(child.pid, signal);
    for (let tries = 0; tries < TRIES_TO_END * 2 && signalGroup(child.pid, 0); tries += 1) {
      if (tries === TRIES_TO_END) signalGroup(child.pid, "SIGKILL");
      await pause(BETWEEN_TRIES_MS);
    }
    running.delete(child.pid);
    // A process that has left the group may keep the pipes open.
    await Promise.race([closed, pause(BETWEEN_TRIES_MS * 10, undefined, { ref: false })]);
  };
  return { ended, end, output, tail: () => shortened(output()) };
}

/** The first and the last lines, because tools name the problem in either. */
function shortened(text) {
  const lines = stripVTControlCharacters(text).split("\n");
  if (lines.length <= 2 * LINES_SHOWN) return lines.join("\n");
  return [...lines.slice(0, LINES_SHOWN), "[...]", ...lines.slice(-LINES_SHOWN)].join("\n");
}

/** Sends a signal to a process group. Returns false if the group has ended. */
function signalGroup(id, signal) {
  try {
    return process.kill(-id, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
    return false;
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

const FIRST_PORT = 20_000;
const LAST_PORT = 30_000;
// Concurrent runs start at different ports.
let nextPort = FIRST_PORT + ((process.pid * 97) % (LAST_PORT - FIRST_PORT));

const running = new Set();
process.once("exit", () => running.forEach((id) => signalGroup(id, "SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const BETWEEN_TRIES_MS = 100;
const TRIES = 600;
const TRIES_TO_END = 50;
const LINES_SHOWN = 40;
