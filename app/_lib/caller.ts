import 'server-only';
import { headers } from 'next/headers';
import { cache } from 'react';
import { createContext } from '#server/api/context.ts';
import { appRouter } from '#server/api/root.ts';
import { createCallerFactory } from '#server/api/trpc.ts';

const factory = createCallerFactory(appRouter);

/** The same procedures without HTTP, for server components; one context per request. */
export const serverApi = cache(async () => factory(await createContext(await headers())));

/** Who is signed in, asked once per request. */
export const currentAccount = cache(async () => (await serverApi()).account.me());
