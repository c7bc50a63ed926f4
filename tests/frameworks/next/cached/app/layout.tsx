import { Suspense, type ReactNode } from "react";

// Every page reads the session, so none of it can be rendered at build time.
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <html lang="en">
        <body>{children}</body>
      </html>
    </Suspense>
  );
}
