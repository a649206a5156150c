import type { ReactNode } from 'react';

export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-4.5 items-center rounded-sm border border-line px-1 font-mono text-tick text-faint">
      {children}
    </kbd>
  );
}
