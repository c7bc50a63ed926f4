// The command `stytch-edge`: reads the command line and the environment, and prints the findings of `doctor`. It decides
// nothing about them. Node only.

import version from "#version";

import type { Finding } from "./findings.js";
import { B2BClient, Client, ClientError } from "./index.js";

const USAGE = `Usage: stytch-edge doctor [--b2b] [--json]

Checks the credentials, the key set, the clock, the project and the cookies of a client.

  --b2b      for a B2B project
  --json     prints the findings as JSON
  --help     prints this text
  --version  prints the version

Variables: STYTCH_PROJECT_ID, STYTCH_SECRET (or STYTCH_PROJECT_SECRET), and optionally STYTCH_BASE_URL.
Exit code: 0 without an error, 1 if a finding is an error, 2 for a wrong command line or configuration.
`;

const OPTIONS = ["--b2b", "--json", "--help", "--version"];

/** The codes of SGR for a severity: green, yellow, red. */
const COLOURS: Record<string, number> = { ok: 32, warning: 33, error: 31 };

const { argv, env, stdout, stderr } = process!;
const words = argv.slice(2);
const has = (option: string): boolean => words.includes(option);

async function main(): Promise<number> {
  if (has("--help")) return print(USAGE);
  if (has("--version")) return print(`${version}\n`);
  const unknown = words.find((word, index) => !OPTIONS.includes(word) && !(word === "doctor" && words.indexOf(word) === index));
  if (unknown !== undefined) return refuse(`unknown argument ${JSON.stringify(unknown)}\n\n${USAGE}`);
  if (!has("doctor")) return refuse(USAGE);
  const findings = await (has("--b2b") ? B2BClient : Client).fromEnv(env).doctor();
  print(has("--json") ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(shown).join(""));
  return findings.some(({ severity }) => severity === "error") ? 1 : 0;
}

function shown({ code, severity, message, advice }: Finding): string {
  const label = severity.padEnd(9);
  const isColoured = stdout.isTTY && !env.NO_COLOR;
  const coloured = isColoured ? `\u001b[${COLOURS[severity]}m${label}\u001b[0m` : label;
  return `${coloured}${code.padEnd(21)}${message}\n${advice && `${" ".repeat(30)}${advice}\n`}`;
}

function print(text: string): number {
  stdout.write(text);
  return 0;
}

function refuse(text: string): number {
  stderr.write(text);
  return 2;
}

// `process.exit` would cut off output to a pipe.
process!.exitCode = await main().catch((error: unknown) => {
  if (error instanceof ClientError && error.code === "invalid_argument") return refuse(`${error.message}\n`);
  throw error;
});
