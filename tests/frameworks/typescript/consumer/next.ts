// A Next.js project: it says of its variables that NODE_ENV is one of three words.

import { B2BClient, Client } from "stytch-edge";

declare global {
  namespace NodeJS {
    interface ProcessEnv {
      readonly NODE_ENV: "development" | "production" | "test";
    }
  }
}

export const clients = [Client.fromEnv(process.env), B2BClient.fromEnv(process.env)];
