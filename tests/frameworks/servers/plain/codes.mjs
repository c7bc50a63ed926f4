// The log-in routes with codes by SMS, in a server of node:http without a framework.

import { createServer } from "node:http";
import { B2BClient } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/express";

const { ORIGIN: origin, B2B_PROJECT_ID: project_id, B2B_SECRET: secret, STYTCH_BASE_URL: custom_base_url, PORT } = process.env;
const client = new B2BClient({ project_id, secret, custom_base_url });
const routes = logInRoutes(client, { origin, base: "/b2b", methods: { magic_link: true, mfa: ["sms"] } });
const guard = authenticated(client);

createServer((request, response) => {
  response.locals = {};
  routes(request, response, () => guard(request, response, () => response.end(`Hello ${guard.session(request).member_id}`)));
}).listen(Number(PORT), "127.0.0.1");
