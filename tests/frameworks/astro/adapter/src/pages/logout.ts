import { client } from "../session";

export const GET = () => new Response("out", { headers: client().clearSessionHeaders() });
