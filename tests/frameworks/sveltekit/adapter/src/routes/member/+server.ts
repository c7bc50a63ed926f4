import type { MemberSession } from "stytch-edge";

import type { RequestHandler } from "./$types";

export const GET: RequestHandler = ({ locals }) => new Response(`Hello ${(locals.session as unknown as MemberSession).member_id}`);
