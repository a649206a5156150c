'use client';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { ApiProvider } from '../../_lib/trpc.tsx';
import { ToastArea } from '../ui/toast.tsx';
import { HintProvider } from '../ui/tooltip.tsx';

export function Providers({ nonce, children }: { readonly nonce: string | undefined; readonly children: ReactNode }) {
  return (
    <CSPProvider nonce={nonce}>
      <NuqsAdapter>
        <ApiProvider>
          <HintProvider delay={400}>
            <ToastArea>{children}</ToastArea>
          </HintProvider>
        </ApiProvider>
      </NuqsAdapter>
    </CSPProvider>
  );
}
