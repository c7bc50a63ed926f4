// Takes over what changed, mail by mail, and leaves alone what somebody has opened.
const main = document.querySelector("main");
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => undefined);
  document.body.classList.toggle("offline", !answer?.ok);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  for (const article of fresh.querySelectorAll("article")) {
    const old = document.getElementById(article.id);
    if (old?.querySelector("details")?.open) article.querySelector("details").open = true;
    if (old?.isEqualNode(article)) article.replaceWith(old);
  }
  if (!main.isEqualNode(fresh)) main.replaceChildren(...fresh.childNodes);
}
setInterval(refresh, 2000);
document.addEventListener("visibilitychange", refresh);
