import { Client } from "stytch-edge";

let made: Client | undefined;
export const client = () => (made ??= Client.fromEnv());
