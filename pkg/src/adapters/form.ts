// The fields of a form, from the body of a request of any runtime. The body is untrusted, and its length is limited.

/** Why a body is not read: the HTTP status. */
export type UnreadableBody = 400 | 413 | 415;

/** A body: chunks, or the object that a parser of the framework made of it. */
export type Body = AsyncIterator<Uint8Array> | { parsed: object } | null;

/** The fields that are strings, or the status for a body that cannot be read. */
export async function fieldsOf(body: Body, headers: Headers): Promise<Map<string, string> | UnreadableBody> {
  if (body === null) return new Map();
  if ("parsed" in body) return stringsOf(Object.entries(body.parsed));
  const type = headers.get("content-type") ?? "";
  try {
    const bytes = await read(body);
    if (!/^application\/(json|x-www-form-urlencoded)\b|^multipart\/form-data\b/i.test(type)) return type ? 415 : new Map();
    if (!bytes) return 413;
    const isJson = /^application\/json\b/i.test(type);
    const copy = new Response(bytes, { headers: { "content-type": type } });
    return stringsOf(isJson ? Object.entries((await copy.json()) as object) : (await copy.formData()).entries());
  } catch {
    // The body is malformed, or the client has hung up.
    return 400;
  }
}

/** The chunks of a stream. A stream that is not read is not locked, so that the server can discard it. */
export function chunksOf(stream: ReadableStream<Uint8Array> | null): Body {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return stream && { next: async () => (await (reader ??= stream.getReader()).read()) as IteratorResult<Uint8Array> };
}

/**
 * The bytes of a body, or undefined if it is too long. More is read than is kept: workerd closes a connection whose body was not read,
 * and its development servers then respond to the next request with an error. The rest is left to the server, which can still respond.
 */
async function read(body: AsyncIterator<Uint8Array>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(MAX_BYTES);
  let length = 0;
  for (let chunk = await body.next(); !chunk.done; chunk = await body.next()) {
    if (length + chunk.value.length <= MAX_BYTES) bytes.set(chunk.value, length);
    length += chunk.value.length;
    if (length > MOST_READ_BYTES) break;
  }
  return length > MAX_BYTES ? undefined : bytes.slice(0, length);
}

/** A field that appears twice has its last value. */
const stringsOf = (entries: Iterable<[string, unknown]>): Map<string, string> =>
  new Map([...entries].filter((entry): entry is [string, string] => typeof entry[1] === "string"));

const MAX_BYTES = 2 ** 14;
const MOST_READ_BYTES = 2 ** 16;
