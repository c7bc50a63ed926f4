import { logInRoutes } from "stytch-edge/nuxt";

import { client, members, options, unreachable } from "../session";

const all = [
  logInRoutes(client, { ...options, base: "/confirm", confirm: true }),
  logInRoutes(unreachable, { ...options, base: "/down" }),
  logInRoutes(members, { ...options, base: "/b2b", methods: { ...options.methods, sso: true, mfa: ["totp"] } }),
];

export default defineEventHandler(async (event) => {
  for (const routes of all) {
    const response = await routes(event);
    if (response) return response;
  }
});
