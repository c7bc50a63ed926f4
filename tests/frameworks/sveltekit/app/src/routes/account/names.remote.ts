import { form, getRequestEvent } from "$app/server";

export const rename = form(() => `Renamed by ${getRequestEvent().locals.session?.user_id}`);
