// A Worker that checks sessions with the configuration of the request, and with its keys in KV
// if `shares` is true. The test sets its clock, because waiting for keys to age takes too long.

import { Client, kvStore } from "stytch-edge";

const now = Date.now;

export default {
  async fetch(request, { KEYS }) {
    const { pathname } = new URL(request.url);
    if (pathname === "/stored") return Response.json((await KEYS.list()).keys.length);
    const body = await request.json();
    if (pathname === "/clock") {
      Date.now = () => now.call(Date) + body.ahead_seconds * 1000;
      return Response.json(true);
    }
    const { session_jwt, shares, ...config } = body;
    let late = 0;
    const on_event = ({ type, operation }) => (late += type === "store_failed" && operation === "get" ? 1 : 0);
    const client = new Client({ ...config, store: shares ? kvStore(KEYS) : undefined, on_event });
    const verdict = await client.sessions
      .authenticateJwtLocal({ session_jwt })
      .catch((error) => ({ name: error.name, code: error.code, reason: error.reason, message: error.message }));
    return Response.json({ ...verdict, late });
  },
};
