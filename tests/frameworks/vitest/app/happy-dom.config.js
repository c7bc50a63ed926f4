export default {
  test: {
    environment: "happy-dom",
    environmentOptions: {
      // Its fetch is a page's, and the API is for servers.
      happyDOM: { settings: { fetch: { disableSameOriginPolicy: true } } },
    },
  },
};
