import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { Frame } from '../_components/shell/frame.tsx';
import { ShellProvider } from '../_components/shell/shell-context.tsx';
import { currentAccount } from '../_lib/caller.ts';
import { railCookie, workspaceCookie } from '../_lib/cookies.ts';
import { routes, safeNext } from '../_lib/routes.ts';

/** Pages of people who are signed in; everybody else is led to sign in and back. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const { user } = await currentAccount();
  if (!user) {
    const path = (await headers()).get('x-path');
    redirect(routes.signIn(path ? safeNext(path) : undefined));
  }
  const jar = await cookies();
  return (
    <Suspense>
      <ShellProvider person={user} initialWorkspaceId={jar.get(workspaceCookie)?.value ?? null}>
        <Frame initialNarrow={jar.get(railCookie)?.value === 'narrow'}>{children}</Frame>
      </ShellProvider>
    </Suspense>
  );
}
