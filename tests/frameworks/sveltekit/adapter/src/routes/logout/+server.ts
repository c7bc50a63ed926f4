import { client } from "../../session.server";

export const GET = () => new Response("out", { headers: client().clearSessionHeaders() });
