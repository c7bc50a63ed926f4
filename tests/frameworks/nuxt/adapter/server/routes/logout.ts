import { client } from "../session";

export default defineEventHandler((event) => new Response("out", { headers: client(event).clearSessionHeaders() }));
