// `--webhook`: sends the webhooks that the emulator collects. The first attempts follow the order of the webhooks, one at a time.
// If an attempt fails, it is repeated after 0.2, 1, 5, 15 and 60 seconds while later webhooks continue, as in
// emulator/src/deliver.rs. Webhooks from before the start are not sent again. Failures are logged without the URL and the body,
// which can contain secrets.

import { request as http } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { Webhook } from "../levers.js";
import type { Native } from "../native.js";
import { control } from "./control.js";

/** Sends the webhooks of one emulator to one URL. */
export class WebhookSender {
  readonly #url: string;
  readonly #native: Native;
  #last = 0;
  #isSending = false;

  constructor(url: string, native: Native) {
    this.#url = url;
    this.#native = native;
    this.skip();
  }

  /** Regards all webhooks of the state as sent. */
  skip(): void {
    this.#last = this.#after(0).at(-1)?.number ?? 0;
  }

  /** Sends the webhooks that are new, in the background. */
  send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    void this.#sendAll().finally(() => (this.#isSending = false));
  }

  async #sendAll(): Promise<void> {
    for (let [webhook] = this.#after(this.#last); webhook; [webhook] = this.#after(this.#last)) {
      this.#last = webhook.number;
      const failure = await this.#attempt(webhook);
      if (failure) void this.#retry(webhook, failure);
    }
  }

  async #retry(webhook: Webhook, first: string): Promise<void> {
    let failure: string | undefined = first;
    for (const delay of RETRIES_MS) {
      await sleep(delay);
      failure = await this.#attempt(webhook);
      if (!failure) return;
    }
    const { type, id } = webhook;
    process.stderr.write(`stytch-emulator: webhook ${type} (${id}) was not delivered in ${RETRIES_MS.length + 1} attempts: ${failure}\n`);
  }

  /** Returns why the receiver did not accept the webhook. Each attempt has a new signature, because receivers refuse old ones. */
  async #attempt(webhook: Webhook): Promise<string | undefined> {
    const [signed] = this.#after(webhook.number - 1);
    const { headers, body } = signed?.id === webhook.id ? signed : webhook;
    const status = await post(this.#url, headers, body).catch((error: Error & { code?: string }) =>
      error.name === "AbortError" || error.name === "TimeoutError" ? `no response within ${TIMEOUT_MS / 1000} seconds` : `cannot connect: ${error.code ?? error.name}`,
    );
    if (typeof status === "string") return status;
    return status >= 200 && status < 300 ? undefined : `status ${status}`;
  }

  #after(number: number): Webhook[] {
    return JSON.parse(control(this.#native, "GET", `webhooks.json?after=${number}`)).webhooks;
  }
}

/** Sends a POST on a connection of its own, and returns the status. */
function post(url: string, headers: Record<string, string>, text: string): Promise<number> {
  const body = Buffer.from(text);
  const own = { "content-type": "application/json", "content-length": body.length, "user-agent": "stytch-emulator", connection: "close" };
  return new Promise((resolve, reject) => {
    const init = { method: "POST", headers: { ...own, ...headers }, agent: false as const, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const request = http(url, init, (response) => {
      // Some receivers report an error if the connection ends before they have sent their body.
      response.on("error", reject).on("end", () => resolve(response.statusCode ?? 0)).resume();
    });
    request.on("error", reject).end(body);
  });
}

const RETRIES_MS = [200, 1_000, 5_000, 15_000, 60_000];
const TIMEOUT_MS = 5_000;
