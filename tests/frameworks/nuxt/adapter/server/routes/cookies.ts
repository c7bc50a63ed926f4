export default defineEventHandler((event) => {
  setResponseHeader(event, "Set-Cookie", ["a=1", "b=2"]);
  setCookie(event, "a", "3");
  appendResponseHeader(event, "Set-Cookie", "c=4");
  deleteCookie(event, "d");
  return new Response("cookies", { headers: [["Set-Cookie", "e=5"], ["Set-Cookie", "f=6"]] });
});
