export const loader = () => new Response("own", { headers: { "Set-Cookie": "theme=dark", "Cache-Control": "public" } });
