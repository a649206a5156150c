'use client';
import { DatasetFailed } from './dataset-failed.tsx';
import { DatasetReading } from './dataset-reading.tsx';
import { DatasetReady } from './dataset-ready.tsx';
import type { DatasetPage } from './types.ts';

export interface DatasetBodyProps {
  readonly projectId: string;
  readonly datasetId: string;
  /** Null while it loads. */
  readonly page: DatasetPage | null;
  readonly mayEdit: boolean;
  /** Goes to a version, or to the newest. */
  readonly onVersion: (number: number | null) => void;
}

/** The part below the header, by the state of the version: being read, refused, or ready. */
export function DatasetBody({ projectId, datasetId, page, mayEdit, onVersion }: DatasetBodyProps) {
  const version = page?.version;
  if (page && version?.state === 'failed') {
    return <DatasetFailed projectId={projectId} datasetId={datasetId} version={version} mayEdit={mayEdit} />;
  }
  if (!page || !version?.profile) return <DatasetReading version={version ?? null} />;
  return (
    <DatasetReady
      key={version.id}
      projectId={projectId}
      page={page}
      profile={version.profile}
      mayEdit={mayEdit}
      onVersion={onVersion}
    />
  );
}
