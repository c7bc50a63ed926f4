import { logInRoutes } from "stytch-edge/next";

import { client } from "../../session";

export const { GET, POST } = logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } });
