export default async function Login({ searchParams }: { searchParams: Promise<{ return_to?: string }> }) {
  const { return_to } = await searchParams;
  return <main>{`Log in, then ${return_to}`}</main>;
}
