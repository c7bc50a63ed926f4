export default defineNuxtConfig({
  compatibilityDate: "2026-10-01",
  devtools: { enabled: false },
  // A page that Nuxt renders once, when the app is built.
  routeRules: { "/still": { prerender: true } },
  nitro: { experimental: { wasm: true } },
  // A check sends another `Host` to the development server.
  vite: { server: { allowedHosts: true } },
});
