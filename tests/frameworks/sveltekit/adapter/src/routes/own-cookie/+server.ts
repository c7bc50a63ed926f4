import type { RequestHandler } from "./$types";

export const GET: RequestHandler = ({ cookies, setHeaders }) => {
  cookies.set("theme", "dark", { path: "/" });
  setHeaders({ "Cache-Control": "public" });
  return new Response("own");
};
