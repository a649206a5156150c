/** The server as a lent tab sees it. Runs inside the worker, so that a page in the background keeps its trial. */
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import superjson from 'superjson';
import type { AppRouter } from '#server/api/root.ts';
import { download } from './download.ts';

export type Claimed = inferRouterOutputs<AppRouter>['lend']['claim'];
export type LentTrial = Extract<Claimed, { kind: 'trial' }>['trial'];
export type Outcome = inferRouterOutputs<AppRouter>['lend']['outcome'];
type Lease = Pick<LentTrial, 'trialId' | 'lease'>;

export interface LendServer {
  /** The prepared data, training rows only. */
  data(searchId: string, progress: (done: number, total: number) => void): Promise<Uint8Array>;
  claim(searchId: string, device: string, learners: readonly string[]): Promise<Claimed>;
  beat(lease: Lease): Promise<{ wish: 'go on' | 'pause' }>;
  giveBack(lease: Lease, why: 'stopped' | 'failed' | 'late'): Promise<void>;
  submit(lease: Lease, model: Uint8Array): Promise<void>;
  outcome(lease: Lease): Promise<Outcome>;
}

/** The server said no, in its own words: asking again does not help. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** @throws RefusedError for an answer about the request; anything else is a connection that may come back */
async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    const data: { httpStatus?: number } = error.data ?? {};
    const status = data.httpStatus ?? 0;
    throw status >= 400 && status < 500 && status !== 408 && status !== 429 ? new RefusedError(error.message) : error;
  }
}

/** @param origin of the product, e.g. `https://example.org` */
export function lendServer(origin: string): LendServer {
  const { lend } = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${origin}/api/trpc`, transformer: superjson })],
  });
  const bare = ({ trialId, lease }: Lease) => ({ trialId, lease });
  return {
    data: (searchId, progress) => download(`${origin}/api/lend/data/${searchId}`, 'The data', progress),
    claim: (searchId, device, learners) => asked(lend.claim.mutate({ searchId, device, learners: [...learners] })),
    beat: (lease) => asked(lend.beat.mutate(bare(lease))),
    giveBack: (lease, why) => asked(lend.giveBack.mutate({ ...bare(lease), why })),
    outcome: (lease) => asked(lend.outcome.query(bare(lease))),
    async submit({ trialId, lease }, model) {
      const response = await fetch(`${origin}/api/lend/model/${trialId}?lease=${lease}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: model as Uint8Array<ArrayBuffer>,
      });
      if (response.ok) return;
      const { error }: { error?: { message?: string } } = await response.json().catch(() => ({}));
      const message = error?.message ?? `The server answered ${response.status}.`;
      throw response.status < 500 ? new RefusedError(message) : new Error(message);
    },
  };
}
