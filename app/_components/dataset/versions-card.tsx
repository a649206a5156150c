'use client';
import { formatCount, formatHash } from '../../_lib/format.ts';
import { Card, CardHead } from '../ui/card.tsx';
import { StateChip } from '../ui/chip.tsx';
import { Time } from '../ui/time.tsx';
import type { DatasetPage, DatasetVersion } from './types.ts';

export interface VersionsCardProps {
  readonly versions: DatasetPage['versions'];
  readonly current: DatasetVersion;
  readonly onVersion: (number: number) => void;
}

/** All versions, each fixed by the hash of its content. */
export function VersionsCard({ versions, current, onVersion }: VersionsCardProps) {
  return (
    <Card>
      <CardHead title="Versions" />
      <ul className="px-2 py-2">
        {versions.map((version) => (
          <li key={version.id}>
            <button
              type="button"
              onClick={() => onVersion(version.number)}
              aria-current={version.id === current.id ? 'true' : undefined}
              className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left text-table hover:bg-sunk aria-[current]:bg-sunk"
            >
              <span className="font-medium">v{version.number}</span>
              {version.state === 'ready' ? (
                <span className="text-muted">{version.rows == null ? '' : `${formatCount(version.rows)} rows`}</span>
              ) : (
                <StateChip state={version.state} />
              )}
              <Time value={version.createdAt} className="ml-auto text-muted" />
            </button>
          </li>
        ))}
      </ul>
      {current.contentHash ? (
        <p className="border-t border-line px-4 py-2 text-label text-muted">
          Content of v{current.number}:{' '}
          <span title={current.contentHash} className="font-mono">
            sha256 {formatHash(current.contentHash)}
          </span>
        </p>
      ) : null}
    </Card>
  );
}
