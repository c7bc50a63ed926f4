// Replaces only the mails that have changed, and keeps the details open that the user has opened.
const main = document.querySelector("main");
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => undefined);
  document.body.classList.toggle("offline", !answer?.ok);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const known = (article) => document.getElementById(article.id);
  for (const article of fresh.children) {
    if (known(article)?.querySelector("details").open) article.querySelector("details").open = true;
  }
  if (main.isEqualNode(fresh)) return;
  main.replaceChildren(...[...fresh.children].map((article) => {
    const old = known(article);
    return old?.isEqualNode(article) ? old : article;
  }));
}
setInterval(refresh, 2000);
document.addEventListener("visibilitychange", refresh);
