import type { RequestHandler } from "./$types";

export const GET: RequestHandler = ({ locals }) => new Response(locals.session?.user_id);
