import { client } from "../session.server";

export const loader = () => new Response("out", { headers: client().clearSessionHeaders() });
