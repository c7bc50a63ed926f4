import type { RequestEvent } from "@sveltejs/kit";
import { sequence } from "@sveltejs/kit/hooks";
import { Client } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/sveltekit";

const client = () => Client.fromEnv();
const guard = authenticated(client, { log_in: "/login" });
const isPublic = ({ route, url, isRemoteRequest }: RequestEvent) =>
  route.id?.startsWith("/(public)/") && !isRemoteRequest && !url.searchParams.has("/remote");
export const handle = sequence(
  logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } }),
  (input) => (isPublic(input.event) ? input.resolve(input.event) : guard(input)),
);
