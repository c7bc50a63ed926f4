import { logInRoutes } from "stytch-edge/nuxt";
import { client } from "../session";

export default logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } });
