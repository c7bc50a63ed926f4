export default defineNuxtRouteMiddleware(async (to) => {
  // The server has decided about the page that the browser loads.
  if (import.meta.client && useNuxtApp().isHydrating) return;
  const { user_id } = await useRequestFetch()("/api/me");
  useState("user_id").value = user_id;
  if (!user_id) return navigateTo({ path: "/login", query: { return_to: to.fullPath } });
});
