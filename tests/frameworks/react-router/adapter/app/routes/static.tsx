/** A page without a loader of its own. */
export default function Static() {
  return <main>static</main>;
}
