/** Names with their values, one pair per line: the quiet way to list what is known of a thing. */
import type { ReactNode } from 'react';

export interface Fact {
  readonly term: string;
  readonly value: ReactNode;
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-table">
      {facts.map(({ term, value }) => (
        <div key={term} className="contents">
          <dt className="text-muted">{term}</dt>
          <dd className="min-w-0 text-right break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A hash, a seed, a raw value: in the type of code. */
export function Code({ children, title }: { readonly children: ReactNode; readonly title?: string }) {
  return (
    <span title={title} className="font-mono text-label">
      {children}
    </span>
  );
}
