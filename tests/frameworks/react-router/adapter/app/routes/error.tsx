export const loader = () => {
  throw new Error("broken");
};

export default function Page() {
  return <main>never</main>;
}
