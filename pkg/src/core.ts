// One client's way into the wasm: what the generated methods and the modules of resources call. The secret is in private
// fields, so that neither a console nor JSON displays it; there is no pointer into wasm memory, so that nothing needs
// freeing.

import type { JwkSet, WaitUntil } from "./config.js";
import { checked, type WasmConfig } from "./config_checks.js";
import { finish, isReady, ready, run, valueOf, type Step, type Wasm } from "./engine.js";
import { ClientError, invalid } from "./errors.js";
import { Host } from "./host.js";
import * as names from "./generated/options.js";
import { asked } from "./options.js";
import { slotOf } from "./registry.js";
import type { CookieOptions } from "./verdicts.js";

/** A call of the wasm for a client. It runs none of a caller's code. */
type Enter = (wasm: Wasm, client: number, host: Host) => Step;

/** One client. */
export class Core {
  readonly #config: WasmConfig;
  readonly #text: string;
  readonly #host: Host;
  /** The options of cookies that the configuration has. */
  readonly cookies: CookieOptions | undefined;

  constructor(product: string, config: unknown) {
    const { wasm, hooks, cookies } = checked(product, config);
    this.#config = wasm;
    this.#text = JSON.stringify(wasm);
    this.#host = new Host(hooks, wasm.project_id);
    this.cookies = cookies;
  }

  /** What of the configuration is no secret. */
  get public(): Pick<WasmConfig, "product" | "project_id" | "origin"> {
    return this.#config;
  }

  /** Runs a flow to its end. */
  async flow(enter: Enter, wait_until?: WaitUntil): Promise<any> {
    if (!isReady()) await ready();
    return finish(this.#entered(enter, this.#host.for(wait_until)));
  }

  /** Runs what needs nothing but what is available. */
  now(enter: Enter): any {
    if (!isReady()) throw new ClientError("wasm_not_ready", "the wasm is not loaded yet; await a call such as client.loadKeys() first");
    return valueOf(this.#entered(enter, this.#host));
  }

  #entered(enter: Enter, host: Host): Step {
    const client = slotOf(this.#text, this.#config);
    return run((wasm) => enter(wasm, client, host));
  }

  /** Calls the operation in a row of the endpoint table. */
  async call<Result>(row: number, data: unknown, options?: unknown): Promise<Result> {
    if (options !== undefined && typeof options !== "object") throw invalid("the options must be an object");
    const member = options ? asked(options, names.memberOptions) : undefined;
    return this.flow((wasm, client, host) => wasm.call(client, host, row, data, member));
  }

  /** Fetches the key set ahead of the first check, unless there is a fresh one. */
  loadKeys(): Promise<void> {
    return this.flow((wasm, client, host) => wasm.load_keys(client, host));
  }

  /** The key set as it was served, fetched if need be. */
  async exportKeys(): Promise<JwkSet> {
    const { keys } = await this.flow((wasm, client, host) => wasm.export_keys(client, host));
    return { keys };
  }

  /** Fetches the project's policy, and the organization's, unless there are fresh ones. */
  async loadPolicies(params?: { organization_id?: string | undefined }): Promise<void> {
    const options = asked(Object(params ?? {}) as object, names.loadPolicies);
    await this.flow((wasm, client, host) => wasm.load_policies(client, host, options));
  }

  /** Forgets the state that this client uses: keys, policies, remembered tokens, tokens of token providers. */
  reset(): void {
    if (isReady()) this.now((wasm, client, host) => wasm.reset(client, host));
  }
}
