// One client's way into the wasm: what the generated methods and the modules of resources call. The secret is in private
// fields, so that neither a console nor JSON displays it; there is no pointer into wasm memory, so that nothing needs
// freeing.

import type { JwkSet, WaitUntil } from "./config.js";
import { checked, type WasmConfig } from "./config_checks.js";
import { finish, isReady, needReady, ready, run, valueOf, type Step, type Wasm } from "./engine.js";
import { invalid } from "./errors.js";
import { Host } from "./host.js";
import { read } from "./options.js";
import { registrationOf, slotOf, type Registration } from "./registry.js";
import type { CookieOptions } from "./verdicts.js";

/** A call of the wasm for a client. It runs none of a caller's code. */
type Enter = (wasm: Wasm, client: number, host: Host) => Step;

/** One client. */
export class Core {
  readonly #registration: Registration;
  readonly #host: Host;
  /** The options of cookies that the configuration has. */
  readonly cookies: CookieOptions | undefined;

  constructor(product: string, config: unknown) {
    const { wasm, hooks, cookies } = checked(product, config);
    this.#registration = registrationOf(wasm);
    this.#host = new Host(hooks, wasm.project_id);
    this.cookies = cookies;
  }

  /** What of the configuration is no secret. */
  get public(): Pick<WasmConfig, "product" | "project_id" | "origin"> {
    return this.#registration.config;
  }

  /** Runs a flow to its end. */
  async flow(enter: Enter, wait_until?: WaitUntil): Promise<any> {
    if (!isReady()) await ready();
    return finish(this.#entered(enter, this.#host.for(wait_until)));
  }

  /** Runs what needs nothing but what is available. */
  now(enter: Enter): any {
    needReady();
    return valueOf(this.#entered(enter, this.#host));
  }

  #entered(enter: Enter, host: Host): Step {
    const client = slotOf(this.#registration);
    return run((wasm) => enter(wasm, client, host));
  }

  /** Calls the operation in a row of the endpoint table. */
  async call<Result>(row: number, data: unknown, options?: unknown): Promise<Result> {
    const member = memberIn(options);
    const { session_token, session_jwt } = member ?? {};
    return this.flow((wasm, client, host) => wasm.call(client, host, row, data, member !== undefined, session_token, session_jwt));
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
    const organization_id = params?.organization_id;
    if (organization_id !== undefined && !(organization_id && typeof organization_id === "string")) {
      throw invalid("organization_id must be a string");
    }
    await this.flow((wasm, client, host) => wasm.load_policies(client, host, organization_id));
  }

  /** Forgets the state that this client uses: keys, policies, remembered tokens, tokens of token providers. */
  reset(): void {
    if (isReady()) this.now((wasm, client, host) => wasm.reset(client, host));
  }
}

/** The member whose rights a call is made with: the `authorization` of its options. */
function memberIn(options: unknown): { session_token?: string | undefined; session_jwt?: string | undefined } | undefined {
  if (options === undefined || options === null) return undefined;
  if (typeof options !== "object") throw invalid("the options must be an object");
  const authorization = read(options, "authorization");
  if (authorization === undefined || authorization === null) return undefined;
  const text = (name: string) => {
    let value: unknown;
    try {
      value = read(Object(authorization) as object, name) ?? undefined;
    } catch (cause) {
      throw invalid(`authorization.${name} cannot be read`, cause);
    }
    if (value !== undefined && typeof value !== "string") throw invalid(`authorization.${name} must be a string`);
    return value;
  };
  return { session_token: text("session_token"), session_jwt: text("session_jwt") };
}
