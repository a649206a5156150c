import type { ReactNode } from 'react';
import { AuthPicture } from '../_components/auth-picture.tsx';
import { Logo } from '../_components/logo.tsx';

/** Frame of the pages one sees signed out: the form at the left, what the product does at the right. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(26rem,1fr)_minmax(0,1.4fr)]">
      <main className="flex flex-col px-6 py-8 sm:px-12">
        <Logo />
        <div className="mx-auto flex w-full max-w-field flex-1 flex-col justify-center py-10">{children}</div>
      </main>
      <aside className="hidden flex-col justify-center border-l border-line bg-panel px-12 py-10 lg:flex">
        <AuthPicture />
      </aside>
    </div>
  );
}
