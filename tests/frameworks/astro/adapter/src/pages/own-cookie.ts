export const GET = () => new Response("own", { headers: { "Set-Cookie": "theme=dark", "Cache-Control": "public" } });
