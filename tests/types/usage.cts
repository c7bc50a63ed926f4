// The package in a CommonJS module of TypeScript. The file is compiled and never run.

import stytch = require("stytch-edge");
import { Client, type Session } from "stytch-edge";

const config: stytch.ClientConfig = { project_id: "project-test-1", secret: "secret-test-1" };
const client: Client = new stytch.Client(config);
const b2b: stytch.B2BClient = new stytch.default.B2BClient(config);

export async function check(session_jwt: string): Promise<Session> {
  await b2b.debug.whoami();
  return client.sessions.authenticateJwtLocal({ session_jwt });
}

// @ts-expect-error a client requires a secret
new stytch.Client({ project_id: "project-test-1" });
