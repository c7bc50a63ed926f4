// The command `stytch-emulator`: its options, the state on disk, webhooks and the log. The bytes of faults are tested by
// emulator/tests/server, against both servers.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { deepSame, matches, ok, same } from "../conformance/assert.js";

/** The tests of the command at this path. `require` finds the packages of this folder. */
export function commandTests(path, require) {
  const start = (...options) => startCommand(path, options);
  const inFolder = async (body) => {
    const folder = mkdtempSync(join(tmpdir(), "stytch-emulator-"));
    try {
      await body((name) => join(folder, name));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return {
    "the command serves a seed in YAML and a client with custom_base_url": () =>
      inFolder(async (file) => {
        writeFileSync(file("seed.yaml"), "random_seed: 1\nconsumer:\n  users:\n    - { user_id: user-test-1, email: ada@example.com }\n");
        const server = await start("--seed", file("seed.yaml"));
        const { Client } = require("stytch-edge");
        const client = new Client({ ...server.ready.consumer, custom_base_url: server.ready.url });
        same((await client.users.get({ user_id: "user-test-1" })).emails[0].email, "ada@example.com");
        const health = await (await fetch(`${server.ready.url}/_emulator/health`)).json();
        deepSame([health.status, health.version], ["ok", server.ready.version]);
        const { log, code } = await server.end();
        same(code, 0);
        matches(log, /^GET \/v1\/users\/user-test-1 200 \d+ ms$/m);
        ok(!log.includes(server.ready.consumer.secret), "no secrets");
      }),
    "the command keeps its state on disk": () =>
      inFolder(async (file) => {
        const server = await start("--persist", file("state.json"));
        const { Client } = require("stytch-edge");
        const client = new Client({ ...server.ready.consumer, custom_base_url: server.ready.url });
        const { user_id } = await client.users.create({ email: "ada@example.com" });
        await server.end();
        if (process.platform !== "win32") same(statSync(file("state.json")).mode & 0o777, 0o600);
        const again = await start("--persist", file("state.json"));
        deepSame(again.ready.consumer, server.ready.consumer);
        const second = new Client({ ...again.ready.consumer, custom_base_url: again.ready.url });
        same((await second.users.get({ user_id })).user_id, user_id);
        // It is saved soon after a change, not only at the end.
        await second.users.create({ email: "bob@example.com" });
        const until = Date.now() + 5_000;
        while (!readFileSync(file("state.json"), "utf8").includes("bob@example.com")) {
          if (Date.now() > until) throw new Error("the state was not saved");
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        await again.end();
        writeFileSync(file("state.json"), "{");
        const broken = await start("--persist", file("state.json"));
        deepSame([broken.code, broken.log.split("\n").length], [1, 2]);
        matches(broken.log, /--persist/);
      }),
    "the command delivers webhooks with retries": async () => {
      const { Webhook } = require("svix");
      const received = [];
      const statuses = [503, 200];
      const receiver = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        received.push({ headers: request.headers, body });
        response.writeHead(statuses.shift() ?? 200).end();
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => receiver.once("listening", resolve));
      const server = await start("--webhook", `http://127.0.0.1:${receiver.address().port}/hook`);
      const { Client } = require("stytch-edge");
      const client = new Client({ ...server.ready.consumer, custom_base_url: server.ready.url });
      await client.users.create({ email: "ada@example.com" });
      const until = Date.now() + 10_000;
      while (received.length < 2 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
      const secret = server.ready.webhook_secret;
      await server.end();
      receiver.close();
      same(received.length, 2, "deliveries");
      deepSame(received[1].body, received[0].body);
      new Webhook(secret).verify(received[1].body, received[1].headers);
    },
    "the command accepts pages of one origin": async () => {
      const server = await start("--cors", "http://localhost:3000");
      const ask = async (origin) => {
        const response = await fetch(`${server.ready.url}/_emulator/health`, { headers: { origin } });
        return [response.status, response.headers.get("access-control-allow-origin")];
      };
      deepSame(await ask("http://localhost:3000"), [200, "http://localhost:3000"]);
      deepSame(await ask("http://evil.example"), [403, null]);
      await server.end();
    },
    "the command explains mistakes in one line": async () => {
      for (const [options, code, text] of [
        [["--no-such-option", "1"], 2, /--no-such-option/],
        [["--port", "70000"], 2, /--port: '70000' is not a port/],
        [["extra"], 2, /unexpected argument 'extra'/],
        [["--webhook", "ftp://a"], 1, /--webhook/],
        [["--webhook", "http://a:b@c"], 1, /--webhook/],
        [["--seed", "/no/such/file"], 1, /--seed \/no\/such\/file/],
        [["--secret", "dummy"], 1, /^stytch-emulator: --secret: /],
        [["--b2b-project-id", "dummy"], 1, /^stytch-emulator: --b2b-project-id: /],
        [["--cors", "localhost"], 1, /--cors/],
        [["--serve", "/no/such/folder"], 1, /--serve/],
      ]) {
        const ended = await start(...options);
        deepSame([ended.code, ended.log.trim().split("\n").length], [code, 1], `${options}: ${ended.log}`);
        matches(ended.log, text);
      }
    },
    "the command prints its help and its version": async () => {
      const help = await start("--help");
      ok(help.code === 0 && help.output.includes("--end-with-stdin"), "help");
      const version = await start("--version");
      same(version.output, `stytch-emulator ${require("stytch-emulator/package.json").version}\n`);
    },
  };
}

/** Starts the command. Resolves when it is ready or has ended. */
function startCommand(path, options) {
  const port = options.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(process.execPath, [path, ...port, ...options, "--end-with-stdin"], { stdio: ["pipe", "pipe", "pipe"] });
  let [log, output] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise((resolve, reject) => {
    child.once("close", (code) => resolve({ code, log, output }));
    child.once("error", reject);
  });
  const ready = new Promise((resolve) =>
    createInterface(child.stdout).once("line", (line) => {
      if (!line.startsWith("{")) return;
      const end = () => (child.stdin.end(), ended);
      resolve({ ready: JSON.parse(line), end });
    }),
  );
  return Promise.race([ready, ended]);
}
