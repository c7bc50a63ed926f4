// The HTTP server around the emulator: reads a request, passes it to the WebAssembly, and delivers the response as its delivery
// specifies. If Node's HTTP server cannot send such a response, `broken` sends it.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import type { Answer, RawRequest } from "../message.js";
import { Guard, type Native } from "../native.js";
import type { Flags } from "./arguments.js";
import { deliver } from "./broken.js";
import { log } from "./log.js";
import { staticFile } from "./static_files.js";

/** The server. `changed` is called after each request that may have changed the state. */
export class EmulatorServer {
  readonly #native: Native;
  readonly #flags: Flags;
  readonly #changed: (request: RawRequest) => void;
  readonly #server: Server;
  #guard: Guard | undefined;
  /** Connections on which a fault is delivered. Further requests on them are ignored. */
  readonly #broken = new WeakSet<Socket>();

  constructor(native: Native, flags: Flags, changed: (request: RawRequest) => void) {
    this.#native = native;
    this.#flags = flags;
    this.#changed = changed;
    // As long as a client keeps a connection open, it stays open.
    const patient = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 1 << 30 };
    this.#server = createServer({ ...patient, maxHeaderSize: MAX_HEAD_BYTES, noDelay: true }, (request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
  }

  /** Starts, and returns the URL. */
  listen(): Promise<string> {
    const { port, host } = this.#flags;
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => {
        reject(new Error(`cannot listen on ${host} (--host), port ${port} (--port): ${error.code}`));
      });
      this.#server.listen(port, host, () => {
        const { address, family, port: own } = this.#server.address() as AddressInfo;
        const url = `http://${family === "IPv6" ? `[${address}]` : address}:${own}`;
        try {
          this.#guard = new Guard(host, own, this.#flags.allowHosts, this.#flags.cors);
          resolve(url);
        } catch (error) {
          reject(new Error(`--host, --allow-host or --cors: ${(error as Error).message}`));
        }
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = incoming;
    if (this.#broken.has(socket)) return;
    const started = performance.now();
    const refusal = this.#guard?.check(requestOf(incoming, Buffer.alloc(0)));
    const body = await bodyOf(incoming, refusal ? 0 : isControl(incoming.url) ? MAX_CONTROL_BYTES : MAX_BODY_BYTES);
    if (this.#broken.has(socket) || socket.destroyed) return;
    const request = requestOf(incoming, body);
    const answer = refusal ?? (await staticFile(this.#flags.serve, request)) ?? this.#native.handle(request, Date.now());
    if (!refusal && (request.method !== "GET" || !request.target.startsWith("/_emulator/"))) this.#changed(request);
    answer.headers.push(...(this.#guard?.headers(request) ?? []));
    if (!this.#flags.quiet) log(request, answer, performance.now() - started);
    switch (answer.delivery.kind) {
      case "late":
        await sleep(answer.delivery.delay_ms);
        break;
      case "gzip":
        answer.body = new Uint8Array(await promisify(gzip)(answer.body));
        answer.headers.push(["content-encoding", "gzip"]);
        break;
      case "whole":
        break;
      default:
        this.#broken.add(socket);
        return deliver(socket, answer);
    }
    response.writeHead(answer.status, flat(answer));
    response.end(answer.body);
  }
}

function requestOf(incoming: IncomingMessage, body: Uint8Array): RawRequest {
  const headers: [string, string][] = [];
  const { rawHeaders, url = "/", method = "GET" } = incoming;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.push([rawHeaders[at]!, rawHeaders[at + 1]!]);
  // The absolute form (RFC 9112, section 3.2.2) is for proxies, and every server must accept it.
  const absolute = /^https?:\/\/[^/?#]*/i.exec(url);
  const target = absolute ? url.slice(absolute[0].length) || "/" : url;
  return { method, target, headers, body };
}

/** Whether the request is for a control route, whose bodies can be large: a snapshot contains the whole state. */
function isControl(url = "/"): boolean {
  return url.startsWith("/_emulator/");
}

/** Reads a body. Of a body above the limit, keeps one byte more than the limit, so that the emulator refuses it. */
async function bodyOf(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (length <= limit) chunks.push(chunk);
    length += chunk.length;
    if (length > limit + MAX_IGNORED_BYTES) throw new Error("the body does not end");
  }
  return Buffer.concat(chunks).subarray(0, limit + 1);
}

function flat(answer: Answer): string[] {
  const length: [string, string][] = answer.status === 204 || answer.status === 304 ? [] : [["content-length", `${answer.body.length}`]];
  return [...answer.headers, ...length].flat();
}

/** As in emulator/src: the largest body of a call to the API, and of a control route. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_CONTROL_BYTES = 64 * 1024 * 1024;
const MAX_IGNORED_BYTES = 64 * 1024 * 1024;
const MAX_HEAD_BYTES = 64 * 1024;
