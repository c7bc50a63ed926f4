// The guarded handler as a Cloudflare Worker. The bundle replaces GIVEN, because module scope cannot receive arguments.

import { guarded } from "./guarded.mjs";
import { withSession } from "stytch-edge";

/* global GIVEN */

const server = guarded(GIVEN);
// If a body ends early, workerd reports the promise of `reader.read()` as unhandled, also if it is awaited, and then as handled.
addEventListener("unhandledrejection", ({ promise, reason }) => server.unhandled(reason, promise));
addEventListener("rejectionhandled", ({ promise }) => server.handled(promise));

const answer = (request, verdict) => server.answer(verdict, request.headers);
const fetch = withSession(answer, { client: server.client, refused: (verdict, request) => server.answer(verdict, request.headers) });

export default {
  fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    const control = server.control[pathname];
    return control ? Response.json(control(searchParams)) : fetch(request, env, context);
  },
};
