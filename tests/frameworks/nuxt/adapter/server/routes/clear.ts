export default defineEventHandler((event) => {
  deleteCookie(event, "stytch_session");
  return "clear";
});
