// The command line of `stytch-emulator`. The Rust binary has the same flags.

import { parseArgs } from "node:util";

/** The flags, with their defaults. */
export interface Flags {
  port: number;
  host: string;
  allowHosts: string[];
  seed: string | undefined;
  persist: string | undefined;
  cors: string | undefined;
  webhook: string | undefined;
  serve: string | undefined;
  quiet: boolean;
  endWithStdin: boolean;
  consumer: { project_id?: string; secret?: string };
  b2b: { project_id?: string; secret?: string };
}

/** A mistake on the command line. */
export class UsageError extends Error {}

/** Reads the command line. Returns `"help"` or `"version"` if it asks for these. */
export function readFlags(its: string[]): Flags | "help" | "version" {
  const { values, positionals } = parse(its);
  if (values.help) return "help";
  if (values.version) return "version";
  if (positionals.length > 0) throw new UsageError(`unexpected argument '${positionals[0]}'`);
  const { "project-id": id, secret, "b2b-project-id": b2bId, "b2b-secret": b2bSecret } = values;
  return {
    port: readPort(values.port),
    host: values.host,
    allowHosts: values["allow-host"],
    seed: values.seed,
    persist: values.persist,
    cors: values.cors,
    webhook: values.webhook === undefined ? undefined : readUrl(values.webhook),
    serve: values.serve,
    quiet: values.quiet,
    endWithStdin: values["end-with-stdin"],
    consumer: { ...(id && { project_id: id }), ...(secret && { secret }) },
    b2b: { ...(b2bId && { project_id: b2bId }), ...(b2bSecret && { secret: b2bSecret }) },
  };
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { ...text, default: DEFAULT_PORT },
        host: { ...text, default: "127.0.0.1" },
        "allow-host": { ...text, multiple: true, default: [] },
        seed: text,
        persist: text,
        cors: text,
        webhook: text,
        serve: text,
        "project-id": text,
        secret: text,
        "b2b-project-id": text,
        "b2b-secret": text,
        quiet: flag,
        "end-with-stdin": flag,
        version: { ...flag, short: "V" },
        help: { ...flag, short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split("\n", 1)[0]);
  }
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port: '${text}' is not a port from 0 to 65535`);
}

/** The Rust binary has no TLS, so both refuse an `https` URL. */
function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:") throw new Error("--webhook: https is not supported; use an http URL of this machine");
  if (url?.protocol !== "http:") throw new Error("--webhook: the URL must start with http://");
  if (url.username || url.password) throw new Error("--webhook: the URL must not contain credentials");
  return text;
}

const DEFAULT_PORT = "4010";

export const HELP = `An emulated Stytch API for tests

Usage: stytch-emulator [OPTIONS]

Options:
      --port <PORT>            Port to listen on; 0 selects a free port [default: ${DEFAULT_PORT}]
      --host <HOST>            Address to listen on [default: 127.0.0.1]
      --allow-host <HOST>      Also accept requests to this host name; may be repeated
      --seed <FILE>            JSON or YAML: users, organizations, ids, keys and others
      --persist <FILE>         Load the state from this file if it exists, and save it there
      --cors <ORIGIN>          Accept requests from pages of this origin
      --webhook <URL>          URL that receives the webhooks, with retries; http only
      --serve <DIR>            Folder whose files are served under /_emulator/static/
      --project-id <ID>        ID of the consumer project; random by default
      --secret <SECRET>        Secret of the consumer project; random by default
      --b2b-project-id <ID>    ID of the B2B project; random by default
      --b2b-secret <SECRET>    Secret of the B2B project; random by default
      --quiet                  Do not log requests to stderr
      --end-with-stdin         Exit when stdin closes
  -h, --help                   Print help
  -V, --version                Print version

When it is ready, it prints one line of JSON to stdout: its URL and the credentials of both projects.
`;
