// A Cloudflare Worker that responds with the reasons for the base URLs in the request.

import { reasonsOf } from "./network-reasons.mjs";

export default {
  async fetch(request) {
    return Response.json(await reasonsOf(await request.json()));
  },
};
