// A page that Next renders once, when the app is built.
export default function Still() {
  return <main>still</main>;
}
