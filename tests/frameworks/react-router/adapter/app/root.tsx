import { isRouteErrorResponse, Outlet, Scripts, useRouteError } from "react-router";

export default function App() {
  return (
    <html lang="en">
      <head>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  return <main>{isRouteErrorResponse(error) ? `${error.status}: ${error.data}` : "broken"}</main>;
}
