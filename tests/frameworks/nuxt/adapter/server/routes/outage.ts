export default defineEventHandler(() => "admin");
