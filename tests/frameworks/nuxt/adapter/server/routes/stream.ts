export default defineEventHandler(({ context }) => {
  const text = new TextEncoder().encode(`Hello ${context.session?.user_id}`);
  return new ReadableStream({
    async start(controller) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      controller.enqueue(text);
      controller.close();
    },
  });
});
