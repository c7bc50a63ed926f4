// A Worker that checks sessions as it is told, with its keys in KV where that is wanted.
// Its clock can be set, because nobody wants to wait until keys are old.

import { Client, kvStore } from "stytch-edge";

const now = Date.now;

export default {
  async fetch(request, { KEYS }) {
    const { pathname } = new URL(request.url);
    if (pathname === "/stored") return Response.json((await KEYS.list()).keys.length);
    const told = await request.json();
    if (pathname === "/clock") {
      Date.now = () => now.call(Date) + told.ahead_seconds * 1000;
      return Response.json(true);
    }
    const { session_jwt, shares, ...config } = told;
    let late = 0;
    const on_event = ({ type, operation }) => (late += type === "store_failed" && operation === "get" ? 1 : 0);
    const client = new Client({ ...config, store: shares ? kvStore(KEYS) : undefined, on_event });
    const verdict = await client.sessions
      .authenticateJwtLocal({ session_jwt })
      .catch((error) => ({ name: error.name, code: error.code, reason: error.reason, message: error.message }));
    return Response.json({ ...verdict, late });
  },
};
