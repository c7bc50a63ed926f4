import { sequence } from "@sveltejs/kit/hooks";
import { Client } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/sveltekit";

const client = () => Client.fromEnv();
const guard = authenticated(client, { log_in: "/login" });
export const handle = sequence(
  logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } }),
  (input) => (input.event.route.id?.startsWith("/(public)/") && !input.event.isRemoteRequest ? input.resolve(input.event) : guard(input)),
);
