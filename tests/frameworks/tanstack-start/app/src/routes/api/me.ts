import { createFileRoute } from "@tanstack/react-router";

import { guarded } from "../../session";

export const Route = createFileRoute("/api/me")({
  server: {
    handlers: { GET: ({ request }) => guarded(request, (user_id) => new Response(`Hello ${user_id}`)) },
  },
});
