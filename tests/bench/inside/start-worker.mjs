// A Worker with one contestant, which checks the token that it is given.

/** The Worker's handlers. */
export const startWorker = (make) => ({
  async fetch(request) {
    const { stand, token } = await request.json();
    return new Response(await make(stand)(token));
  },
});
