// Delivers responses that Node's HTTP server refuses to send: incomplete, endless or slow ones, and ones with a wrong length.
// Writes their bytes to the connection, which then ends. The Rust server does the same in emulator/src/broken.rs.

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

import type { Answer, End } from "../message.js";

/** Delivers one response. If the client closes the connection, the delivery stops. */
export async function deliver(socket: Socket, answer: Answer): Promise<void> {
  socket.setNoDelay(true);
  const end = await send(new Connection(socket), answer);
  if (end === "closes") socket.destroySoon();
  if (end === "resets") socket.resetAndDestroy();
}

async function send(to: Connection, answer: Answer): Promise<End> {
  const { delivery, body } = answer;
  switch (delivery.kind) {
    case "hangs":
    case "resets":
      return delivery.kind;
    case "body_hangs":
      await to.write(head(answer, CHUNKED));
      await to.chunk(body);
      return "hangs";
    case "partial_head":
      await to.write(firstPart(head(answer, contentLength(body.length))));
      return delivery.end;
    case "partial_body":
      // An empty body is incomplete too.
      await to.write(head(answer, contentLength(Math.max(body.length, delivery.bytes + 1))), body.subarray(0, delivery.bytes));
      await to.wait(delivery.delay_ms);
      return delivery.end;
    case "short_length":
      await to.write(head(answer, contentLength(delivery.bytes)), body);
      return "closes";
    case "slow_body":
      await to.write(head(answer, CHUNKED_AND_CLOSE));
      for (let at = 0; at < body.length && to.isOpen; at += delivery.chunk_bytes) {
        await to.wait(delivery.delay_ms);
        await to.chunk(body.subarray(at, at + delivery.chunk_bytes));
      }
      await to.write(Buffer.from(LAST_CHUNK));
      return "closes";
    case "endless_body": {
      await to.write(head(answer, CHUNKED));
      const spaces = Buffer.alloc(delivery.chunk_bytes, " ");
      let chunk: Uint8Array = body;
      for (let left = delivery.max_bytes; left > 0 && to.isOpen; chunk = spaces) {
        await to.wait(delivery.delay_ms);
        const sent = chunk.subarray(0, left);
        await to.chunk(sent);
        left -= sent.length;
      }
      return "closes";
    }
    default:
      return "closes";
  }
}

/** A connection whose client may close it at any time. Then all functions return at once. */
class Connection {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Resolves when the system has accepted the bytes. */
  async write(...parts: Uint8Array[]): Promise<void> {
    if (!this.isOpen) return;
    const written = new Promise<void>((resolve) => this.#socket.write(Buffer.concat(parts), () => resolve()));
    await Promise.race([written, this.#closed]);
  }

  /** Sends a chunk. An empty chunk would end the body, so it is not sent. */
  async chunk(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.write(Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n"));
  }

  async wait(milliseconds: number): Promise<void> {
    if (milliseconds === 0 || !this.isOpen) return;
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    await Promise.race([time, this.#closed]);
    clearTimeout(timer);
  }
}

/** `framing` are the header lines that delimit the body. */
function head(answer: Answer, framing: string): Buffer {
  const lines = answer.headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${lines.join("")}${framing}\r\n`);
}

function contentLength(bytes: number): string {
  return `content-length: ${bytes}\r\n`;
}

/** The status line and the first half of the headers. */
function firstPart(head: Buffer): Buffer {
  const statusLine = head.indexOf("\n");
  return head.subarray(0, Math.floor((statusLine + head.length) / 2));
}

const CHUNKED = "transfer-encoding: chunked\r\n";
/** Otherwise the client may send its next request on a connection that is being closed. */
const CHUNKED_AND_CLOSE = "transfer-encoding: chunked\r\nconnection: close\r\n";
const LAST_CHUNK = "0\r\n\r\n";
