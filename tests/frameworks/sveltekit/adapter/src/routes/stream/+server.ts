import type { RequestHandler } from "./$types";

export const GET: RequestHandler = ({ locals }) => new Response(new Blob([`Hello ${locals.session?.user_id}`]).stream());
