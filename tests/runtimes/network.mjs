// The `reason` of a `RequestError` for failures that the emulator cannot cause: refused connections, unknown hosts and
// TLS. The table lists what each runtime lets a program distinguish.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { deepSame, same } from "../conformance/assert.js";
import { bundleWorker } from "./inside/bundle.mjs";
import { selfSigned } from "./inside/certificate.mjs";
import { program } from "./inside/child.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { reasonsOf } from "./inside/network-reasons.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { oneWorker, serveWorkers } from "./inside/serve-workers.mjs";

const EVERY_KIND = {
  refused: "connection_refused",
  unknown_host: "dns",
  self_signed: "tls",
  not_tls: "tls",
  not_http: "api_unavailable",
};

/** workerd reports a refused connection and a response that is not HTTP like a lost connection, and hides the others. */
const WORKERD = {
  refused: "connection_reset",
  unknown_host: "unknown",
  self_signed: "unknown",
  not_tls: "unknown",
  not_http: "connection_reset",
};

const urls = await startServers();
const results = await runOwn({
  "reports each kind of failure in Node": async () => check(await reasonsOf(urls), EVERY_KIND),
  "reports each kind of failure in Deno": async () => check(await inProcess("deno", "run", "--no-prompt", "--no-lock", "--allow-net"), EVERY_KIND),
  "reports each kind of failure in Bun": async () => check(await inProcess("bun", "run"), EVERY_KIND),
  "reports the failures that workerd distinguishes": async () => check(await inWorkerd(), WORKERD),
});
report(results, 4);
process.exit();

function check(found, expected) {
  deepSame(Object.fromEntries(Object.entries(found).map(([name, { reason }]) => [name, reason])), expected, JSON.stringify(found));
  for (const { message } of Object.values(found)) same(/hush|invalid peer|os error|getaddrinfo|internal/.test(message), false, message);
}

async function inProcess(name, ...options) {
  const inside = fileURLToPath(new URL("inside/network-process.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(program(name), [...options, inside, JSON.stringify(urls)]);
  return JSON.parse(stdout);
}

async function inWorkerd() {
  const folder = temporaryFolder("network");
  await bundleWorker("network-worker.mjs", folder);
  // Every address, so that workerd resolves the host.
  const network = `network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))`;
  await writeFile(join(folder, "config.capnp"), oneWorker("2025-03-01").replace(/network = \(allow = [^)]*\)/, network));
  const { urls: served, end } = await serveWorkers(folder, ["worker"]);
  const answer = await fetch(served.worker, { method: "POST", body: JSON.stringify(urls) });
  const found = await answer.json();
  await end();
  return found;
}

/** Starts the servers, and returns the base URLs by the kinds of failure. */
async function startServers() {
  const listen = async (server) => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    return server.address().port;
  };
  const closed = createServer();
  const refused = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  const greets = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
  });
  const greeter = await listen(greets);
  const secure = createTlsServer(selfSigned(), (socket) => socket.on("error", () => {}).end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
  return {
    refused: `http://127.0.0.1:${refused}`,
    unknown_host: "https://stytch-edge.invalid",
    self_signed: `https://127.0.0.1:${await listen(secure)}`,
    not_tls: `https://127.0.0.1:${greeter}`,
    not_http: `http://127.0.0.1:${greeter}`,
  };
}
