// The comparison for users.searchAll: pages, hasNext, and for await.

const PAGES = {
  undefined: {
    results: [{ user_id: "1" }, { user_id: "2" }],
    results_metadata: { total: 5, next_cursor: "b" },
  },
  b: { results: [{ user_id: "3" }], results_metadata: { total: 5, next_cursor: "c" } },
  c: { results: [{ user_id: "4" }], results_metadata: { total: 5, next_cursor: "" } },
  last: { results: [], results_metadata: { total: 0 } },
};
const QUERY = { operator: "OR", operands: [{ filter_name: "status", filter_value: "active" }] };

const row = (name, data, walk, search = page) => ({
  clients: ["Client"],
  method: "users.searchAll",
  name,
  scene: () => ({ "POST /v1/users/search": search() }),
  call: (client) => walk(client.users.searchAll(data)),
});

const page = () => (body) => ({ json: PAGES[JSON.parse(body).cursor] });

async function all(pages) {
  const found = [];
  for await (const page of pages) {
    found.push(page);
    // An iterator that loses its cursor would never end.
    if (found.length > 9) throw new Error("the iteration does not end");
  }
  return [found, pages.hasNext()];
}

/** The second request fails once. */
function failingOnce() {
  let number = 0;
  return (body) => {
    number += 1;
    return number === 2 ? { status: 500, json: { status_code: 500 } } : page()(body);
  };
}

export const searchRows = [
  row("every page", { limit: 2, query: QUERY }, all),
  row("no query", {}, all),
  row("from a cursor", { cursor: "c" }, all),
  row("an empty page", { cursor: "last" }, all),
  row("page by page, and after the last page", { limit: 2 }, async (pages) => {
    const seen = [pages.hasNext()];
    for (let number = 0; number < 4; number += 1) seen.push(await pages.next(), pages.hasNext());
    return seen;
  }),
  row("one page, then the others", {}, async (pages) => [await pages.next(), await all(pages)]),
  row("some pages, then the others", {}, async (pages) => {
    for await (const page of pages) if (page.length > 0) break;
    return all(pages);
  }),
  row(
    "a page that fails, and a second attempt",
    {},
    async (pages) => [
      await pages.next(),
      await pages.next().catch(({ status_code }) => status_code),
      pages.hasNext(),
      await all(pages),
    ],
    failingOnce,
  ),
  row("a search that fails in for await", {}, all, failingOnce),
  row("a response without results", {}, all, () => ({ json: { status_code: 200 } })),
];
