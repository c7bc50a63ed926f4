// `stytch-emulator`: the emulator as a program. When it is ready, it prints one line of JSON to stdout: its URL and the
// credentials of its two projects. It exits on SIGINT and SIGTERM (SIGBREAK on Windows), and with `--end-with-stdin` also when
// its stdin closes. If it cannot start, it prints one line to stderr and exits with status 1 (2 for a mistake on the command line).

import { readFileSync, statSync } from "node:fs";

import { version } from "package-version";

import { processKeys } from "../keys.js";
import { type Arguments, Native, needsSigningKeys, start } from "../native.js";
import { type Flags, HELP, readFlags, UsageError } from "./arguments.js";
import { control } from "./control.js";
import { Persistence } from "./persist.js";
import { EmulatorServer } from "./server.js";
import { WebhookSender } from "./webhooks.js";

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags === "help") return void process.stdout.write(HELP);
  if (flags === "version") return void process.stdout.write(`stytch-emulator ${version}\n`);
  await run(flags);
}

async function run(flags: Flags): Promise<void> {
  // If stderr is closed, the server still serves.
  process.stderr.on("error", () => {});
  if (flags.serve !== undefined && !statSync(flags.serve, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${flags.serve} is not a folder (--serve)`);
  }
  const its: Arguments = { consumer: flags.consumer, b2b: flags.b2b };
  if (flags.seed !== undefined) its.seed_text = read("--seed", flags.seed);
  await start();
  const native = await create(its, flags);
  const persistence = flags.persist === undefined ? undefined : new Persistence(flags.persist, native);
  // A reset must not change the credentials that the ready line contains. Without a seed, the emulator at the start has other
  // random credentials than the file.
  persistence?.load(flags.seed === undefined);
  const webhooks = flags.webhook === undefined ? undefined : new WebhookSender(flags.webhook, native);
  const server = new EmulatorServer(native, flags, ({ target }) => {
    persistence?.schedule();
    // The numbers of webhooks are those of the state.
    if (/^\/_emulator\/(reset|restore)/.test(target)) webhooks?.skip();
    webhooks?.send();
  });
  const url = await server.listen();
  const { secret: webhook_secret } = JSON.parse(control(native, "GET", "webhooks.json"));
  process.stdout.write(`${JSON.stringify({ url, version, ...native.credentials(), webhook_secret })}\n`);
  await ended(flags.endWithStdin);
  server.close();
  persistence?.save();
  process.exit(0);
}

/** Creates the emulator. A mistake in its seed names the option. */
async function create(its: Arguments, flags: Flags): Promise<Native> {
  try {
    if (needsSigningKeys(its)) its.signing_keys = await processKeys();
    return new Native(its, crypto.getRandomValues(new Uint8Array(32)), Date.now());
  } catch (error) {
    const { message } = error as Error;
    const [, product, member, rest] = /^(consumer|b2b)\.(project_id|secret): (.*)/.exec(message) ?? [];
    const isFlag = product && flags[product as "consumer" | "b2b"][member as "project_id" | "secret"] !== undefined;
    if (isFlag) throw new Error(`--${product === "b2b" ? "b2b-" : ""}${member!.replace("_", "-")}: ${rest}`);
    throw new Error(flags.seed === undefined ? message : `--seed ${flags.seed}: ${message}`);
  }
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${option} ${file}: cannot read the file (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Resolves when the program must exit. */
function ended(withStdin: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"] as const) process.on(name, () => resolve());
    if (!withStdin) return;
    for (const name of ["end", "close", "error"]) process.stdin.on(name, () => resolve());
    process.stdin.resume();
  });
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`stytch-emulator: ${message.split("\n", 1)[0]}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
});
