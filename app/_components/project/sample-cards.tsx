'use client';
import { plural } from '../../_lib/format.ts';
import type { RouterOutputs } from '../../_lib/trpc.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

export interface SampleCardsProps {
  /** Null while they load. */
  readonly samples: RouterOutputs['project']['samples'] | null;
  readonly busyKey: string | null;
  readonly onAdd: (key: string) => void;
}

/** Real tables to try the product on, one click each. */
export function SampleCards({ samples, busyKey, onAdd }: SampleCardsProps) {
  return (
    <div className="mt-7 border-t border-line pt-5">
      <h3 className="mb-2.5 text-label font-medium text-muted">Or start with a sample</h3>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {samples
          ? samples.map((sample) => (
              <li key={sample.key}>
                <button
                  type="button"
                  onClick={() => onAdd(sample.key)}
                  aria-busy={busyKey === sample.key || undefined}
                  disabled={busyKey !== null}
                  className="flex h-full w-full flex-col items-start rounded-md border border-line bg-canvas px-3.5 py-3 text-left transition-colors hover:border-line-strong disabled:opacity-60"
                >
                  <span className="text-table font-medium">{sample.name}</span>
                  <span className="text-label text-muted">
                    {plural(sample.rows, 'row')} · {plural(sample.columns, 'column')}
                  </span>
                  <span className="mt-1.5 text-label text-muted">{sample.description}</span>
                </button>
              </li>
            ))
          : [0, 1, 2].map((index) => (
              <li key={index} className="rounded-md border border-line px-3.5 py-3">
                <Skeleton className="w-1/3" />
                <Skeleton className="mt-2 w-1/2" />
                <Skeleton className="mt-3 w-5/6" />
              </li>
            ))}
      </ul>
    </div>
  );
}
