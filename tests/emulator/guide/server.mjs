// The examples of docs/guide/testing-end-to-end.md about the command: its options, CI and Docker.

import { execFileSync } from "node:child_process";
import { request } from "node:http";
import { createServer } from "node:net";

import { parse } from "yaml";

import { deepSame, ok, same } from "../../conformance/assert.js";
import { blockWith, textOf } from "../../packaging/blocks.mjs";
import { inFolder, startServer, startStep } from "./commands.mjs";
import { guideProject } from "./project.mjs";

const PROGRAM = `
import { Client } from "stytch-edge";
const { emails } = await Client.fromEnv(process.env).users.get({ user_id: "user-test-ada" });
console.log(emails[0].email);
`;

/** `seed` is the text of the guide's seed. */
export function serverTests({ document, seed }) {
  return {
    "guide: the line of JSON has the members that the server prints": async () => {
      const server = await startServer(["--port", "0"], guideProject({}));
      await server.end();
      const shown = JSON.parse(blockWith(document, '{"url"'));
      deepSame([Object.keys(shown), Object.keys(shown.b2b)], [Object.keys(server.ready), Object.keys(server.ready.b2b)]);
    },
    "guide: the options that it names exist": () => {
      const help = execFileSync(process.execPath, [inFolder("node_modules/stytch-emulator/dist/cli.js"), "--help"], { encoding: "utf8" });
      const named = [...textOf(document).matchAll(/`(--[a-z-]+)[ `]/g)].map(([, name]) => name);
      ok(named.length > 8, `${named}`);
      for (const name of named) ok(help.includes(name), `${name} exists`);
      ok(help.includes("[default: 4010]"), "the default port is 4010");
    },
    "guide: the steps for GitHub Actions run": async () => {
      const { env, steps } = parse(blockWith(document, "runs-on")).jobs.test;
      const commands = steps.flatMap((step) => step.run ?? []);
      same(commands.length, 3, "steps that run a command");
      const [install, start, test] = commands;
      same(install, "npm ci");
      ok(start.startsWith(blockWith(document, "npm install").trim().split("\n").at(-1)), "the command is that of the first example");
      const port = await freePort();
      const folder = guideProject({ "seed.yaml": seed, "program.js": PROGRAM });
      const variables = { ...env, STYTCH_BASE_URL: env.STYTCH_BASE_URL.replace("4010", port) };
      const server = startStep(start.replace("stytch-emulator", `stytch-emulator --port ${port}`), folder, variables);
      try {
        same((await server.ended).code, 0);
        const { code, output } = await startStep(test, folder, variables).ended;
        deepSame([code, output.trim().split("\n").at(-1)], [0, "ada@example.com"]);
      } finally {
        server.end();
      }
    },
    "guide: the command for Docker accepts requests to the name of its service": async () => {
      const { services } = parse(blockWith(document, "# compose.yaml"));
      const [npx, yes, name, ...options] = services.stytch.command.split(" ");
      deepSame([npx, yes, name], ["npx", "--yes", "stytch-emulator"]);
      same(options.includes("/seed.yaml") && services.stytch.volumes[0], "./seed.yaml:/seed.yaml:ro");
      const here = options.map((option) => (option === "/seed.yaml" ? "seed.yaml" : option));
      const server = await startServer([...here, "--port", "0"], guideProject({ "seed.yaml": seed }));
      const port = Number(new URL(server.ready.url).port);
      const statuses = await Promise.all([`stytch:${port}`, `127.0.0.1:${port}`, `evil.example:${port}`].map((host) => status(port, { host })));
      const foreign = await status(port, { host: `stytch:${port}`, origin: "http://evil.example" });
      await server.end();
      deepSame([...statuses, foreign], [200, 200, 403, 403]);
    },
  };
}

function status(port, headers) {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/_emulator/health", headers }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

/** A port that was free a moment ago: the example must name its port. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
