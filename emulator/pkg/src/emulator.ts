// `createEmulator`: an emulator in this process.

import { EmulatorError } from "./errors.js";
import { createFetch, type Fetch } from "./fetch.js";
import { install, STYTCH_HOSTS, type Uninstall } from "./install.js";
import { processKeys } from "./keys.js";
import { levers, type Levers } from "./levers.js";
import { type Arguments, type Credentials, Native, needsSigningKeys, type PublicTokens, start } from "./native.js";
import { checked, type EmulatorOptions, readClock } from "./options.js";

/** The options of a client of `stytch-edge`: spread them into `new Client({ ... })` or `new B2BClient({ ... })`. */
export interface ClientSettings extends Credentials {
  /** Answered by the emulator, for any host. */
  fetch: Fetch;
  /** The client shares no keys and policies with other clients of the process. */
  isolated: true;
}

/** An emulated Stytch API. Two emulators share nothing. */
export interface Emulator extends Levers, Disposable {
  /** For a client of the consumer project. After a restore, the credentials can be others. */
  readonly consumer: ClientSettings;
  /** For a client of the B2B project. */
  readonly b2b: ClientSettings;
  /** For the browser SDKs of Stytch. After a restore, the tokens can be others. */
  readonly publicTokens: PublicTokens;
  /** Answers requests to any host, control routes below `/_emulator/` included. Faults behave as on a network. */
  readonly fetch: Fetch;
  /**
   * Replaces `globalThis.fetch` for the hosts of the Stytch API (or for `hosts`), for clients that do not accept a `fetch`, such
   * as npm `stytch`. In Node 20.16 and later, also `https.get`, with which npm `stytch` fetches keys. Requests to other hosts are
   * sent on. Returns the function that undoes this.
   */
  install(hosts?: readonly string[]): Uninstall;
  /** Frees the memory of the emulator, and undoes `install`. The emulator cannot be used afterwards. */
  close(): void;
}

/**
 * Creates an emulator. The first call of a process takes longer: it starts the WebAssembly and, without a `seed`, generates keys.
 *
 * Rejects with an `EmulatorError` if an option or the seed is not valid.
 */
export async function createEmulator(options?: EmulatorOptions): Promise<Emulator> {
  const { seed, now, tokens, allow_live } = checked(options);
  const its: Arguments = {
    ...(seed !== undefined && { seed: typeof seed === "object" ? seed : { random_seed: seed } }),
    ...(tokens && { tokens }),
    ...(allow_live !== undefined && { allow_live }),
  };
  await start();
  const isSeeded = !needsSigningKeys(its);
  if (!isSeeded) its.signing_keys = await processKeys();
  const native = new Native(its, crypto.getRandomValues(new Uint8Array(32)), readClock(now));
  const installed: Uninstall[] = [];

  const raw = (method: string, path: string, body?: string): string => {
    const bytes = body === undefined ? new Uint8Array() : new TextEncoder().encode(body);
    const answer = native.handle({ method, target: `/_emulator/${path}`, headers: [["content-type", "application/json"]], body: bytes }, readClock(now));
    const text = new TextDecoder().decode(answer.body);
    if (answer.status < 400) return text;
    throw new EmulatorError("refused", messageOf(text) ?? `${method} /_emulator/${path} returned status ${answer.status}`);
  };
  const fetch = createFetch((request) => native.handle(request, readClock(now)));
  const settings = (credentials: Credentials): ClientSettings => ({ ...credentials, fetch, isolated: true });
  const close = () => {
    for (const uninstall of installed.splice(0)) uninstall();
    native.close();
  };
  return {
    ...levers((method, path, body) => JSON.parse(raw(method, path, body && JSON.stringify(body))), raw, isSeeded),
    get consumer() {
      return settings(native.credentials().consumer);
    },
    get b2b() {
      return settings(native.credentials().b2b);
    },
    get publicTokens() {
      return native.credentials().public_tokens;
    },
    fetch,
    install(hosts = STYTCH_HOSTS) {
      const uninstall = install(fetch, hosts);
      installed.push(uninstall);
      return uninstall;
    },
    close,
    ...(Symbol.dispose && { [Symbol.dispose]: close }),
  } as Emulator;
}

function messageOf(text: string): string | undefined {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
}
