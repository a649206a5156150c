'use client';
/** The browser's only way to data: a typed tRPC client, batched over HTTP, with subscriptions as server-sent events. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import superjson from 'superjson';
import type { AppRouter } from '#server/api/root.ts';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

const url = '/api/trpc';

/** Errors that asking again cannot cure: the answer is about the request, not about the connection. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const data: unknown = error.data;
  const status =
    data && typeof data === 'object' && 'httpStatus' in data && typeof data.httpStatus === 'number'
      ? data.httpStatus
      : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 3 && !isFinal(error),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}

let shared: QueryClient | undefined;

/** One cache per browser; a fresh one per request on the server so that people never share data. */
function queryClientFor(): QueryClient {
  if (typeof window === 'undefined') return makeQueryClient();
  shared ??= makeQueryClient();
  return shared;
}

export function ApiProvider({ children }: { children: ReactNode }) {
  const queryClient = queryClientFor();
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: httpSubscriptionLink({ url, transformer: superjson }),
          false: httpBatchLink({ url, transformer: superjson, maxURLLength: 4000, maxItems: 20 }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

/** What to show a person about any failed call: the server's own words, or that it could not be reached. */
export function errorText(error: unknown): string {
  if (error instanceof TRPCClientError) {
    const data: unknown = error.data;
    if (!data) return 'The server did not answer. Check the connection and try again.';
    return error.message;
  }
  return error instanceof Error ? error.message : 'Something failed without saying why.';
}

/** The tRPC error code (`NOT_FOUND`, `FORBIDDEN`, …) of a failed call, or null. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  return data && typeof data === 'object' && 'code' in data && typeof data.code === 'string' ? data.code : null;
}
