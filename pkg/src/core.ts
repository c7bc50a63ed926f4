// One client's access to the wasm, for the generated methods and the modules of resources. The secret is in private
// fields, so that neither a console nor JSON displays it. There is no pointer into wasm memory, so nothing needs freeing.

import type { CallOptions, JwkSet } from "./config.js";
import { callOptions, checked, type Call, type WasmConfig } from "./config_checks.js";
import { finish, isReady, known, ready, run, slots, throwIfAborted, valueOf, type Step, type Wasm } from "./engine.js";
import { ClientError, invalid } from "./errors.js";
import { Host, type HookName } from "./host.js";
import * as names from "./generated/options.js";
import { asked, bare, bytesOf, optionsIn, typeOf } from "./options.js";
import { recalled, type Inputs } from "./recall.js";

/** A call of the wasm for a client. It runs none of a caller's code. */
export type Enter = (wasm: Wasm, client: number, host: Host, number: number) => Step;

/** One client. */
export class Core {
  readonly #config: WasmConfig;
  readonly #text: string;
  readonly #host: Host;

  constructor(product: string, config: unknown) {
    const { wasm, hooks } = checked(product, config);
    this.#config = wasm;
    this.#text = textOf(wasm);
    this.#host = new Host(hooks);
    // The wasm checks the options of cookies. In a browser it may not be loaded yet; the first call checks them then.
    if (wasm.cookies && isReady()) slotOf(this.#text);
  }

  get project_id(): string {
    return this.#config.project_id;
  }

  /** Runs a flow to its end, with the options of a call. */
  async flow(enter: Enter, options?: unknown, { signal, wait_until, limits }: Call = callOptions(options), inputs?: Inputs): Promise<any> {
    if (!isReady()) await ready();
    throwIfAborted(signal);
    const step = this.#entered(enter, this.#host.for(wait_until), inputs, limits);
    return typeof step === "number" ? finish(step, signal) : valueOf(step);
  }

  /** Whether a hook of the caller is set. */
  reports(hook: HookName): boolean {
    return Boolean(this.#host.hooks[hook]);
  }

  /** Calls a hook of the caller. */
  report(hook: HookName, event: object): void {
    this.#host.call(hook, event);
  }

  /** Runs a call that needs nothing but what is available. */
  now(enter: Enter, inputs?: Inputs): any {
    if (!isReady()) throw new ClientError("wasm_not_ready", "the wasm is not loaded yet; await a call such as client.loadKeys() first");
    return valueOf(this.#entered(enter, this.#host, inputs));
  }

  #entered(enter: Enter, host: Host, inputs?: Inputs, limits?: Partial<WasmConfig>): Step {
    const client = slotOf(limits ? textOf(Object.assign(bare(), this.#config, limits)) : this.#text);
    const call = (number: number) => run((wasm) => enter(wasm, client, host, number));
    return inputs ? recalled(client, inputs, call) : call(0);
  }

  /** Calls the operation in a row of the endpoint table. */
  async call<Result>(row: number, data: unknown, options?: unknown): Promise<Result> {
    if (options !== undefined && typeof options !== "object") throw invalid(`the options must be an object, but are of type ${typeOf(options)}`);
    const member = asked(options, names.memberOptions);
    return this.flow((wasm, client, host) => wasm.call(client, host, row, data, member), options);
  }

  /** Fetches the key set ahead of the first check, unless there is a fresh one. */
  loadKeys(options?: CallOptions): Promise<void> {
    return this.flow((wasm, client, host) => wasm.load_keys(client, host), options);
  }

  /** The key set as the API returned it. Fetches it if it is not available. */
  async exportKeys(options?: CallOptions): Promise<JwkSet> {
    const { keys } = await this.flow((wasm, client, host) => wasm.export_keys(client, host), options);
    return { keys };
  }

  /** Fetches the project's policy, and the organization's, unless there are fresh ones. */
  async loadPolicies(params?: CallOptions & { organization_id?: string | undefined }): Promise<void> {
    const options = asked(optionsIn("loadPolicies", params, [...names.loadPolicies, ...names.callOptions]), names.loadPolicies);
    await this.flow((wasm, client, host) => wasm.load_policies(client, host, options), params);
  }

  /** Deletes the state that this client uses: keys, policies, remembered tokens, tokens of token providers. */
  reset(): void {
    known.clear();
    if (isReady()) this.now((wasm, client, host) => wasm.reset(client, host));
  }
}

/**
 * The slot of the configuration with this text. The wasm receives each distinct configuration once, because people
 * build a client for every request. If all slots are taken, they are used anew.
 */
function slotOf(text: string): number {
  const known = slots.get(text);
  if (known !== undefined) return known;
  if (slots.size >= MAX_SLOTS) slots.clear();
  const slot = slots.size;
  const bytes = bytesOf(text);
  run((wasm) => wasm.register(slot, bytes));
  slots.set(text, slot);
  return slot;
}

/** The text of a configuration. JSON would write Infinity as null, which is the default. */
const textOf = (config: object): string => JSON.stringify(config, (_, value: unknown) => (value === Infinity ? "Infinity" : value));

const MAX_SLOTS = 512;
