// A Next.js project, whose declarations restrict NODE_ENV to one of three strings.

import { B2BClient, Client } from "stytch-edge";

declare global {
  namespace NodeJS {
    interface ProcessEnv {
      readonly NODE_ENV: "development" | "production" | "test";
    }
  }
}

export const clients = [Client.fromEnv(process.env), B2BClient.fromEnv(process.env)];
