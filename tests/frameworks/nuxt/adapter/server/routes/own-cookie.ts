export default defineEventHandler((event) => {
  setCookie(event, "theme", "dark");
  setResponseHeader(event, "Cache-Control", "public");
  return "own";
});
