'use client';
/** The file could not be read: where, which value, what to do about it. */
import { useRouter } from 'next/navigation';
import { errorPlace } from '../../_lib/dataset-words.ts';
import { formatBytes } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { Card, CardBody } from '../ui/card.tsx';
import { FileButton } from '../upload/file-button.tsx';
import { useUploads } from '../upload/upload-context.tsx';
import type { DatasetVersion } from './types.ts';

export interface DatasetFailedProps {
  readonly projectId: string;
  readonly datasetId: string;
  readonly version: DatasetVersion;
  readonly mayEdit: boolean;
}

export function DatasetFailed({ projectId, datasetId, version, mayEdit }: DatasetFailedProps) {
  const { start } = useUploads();
  const router = useRouter();
  const { error } = version;
  return (
    <Card className="max-w-3xl">
      <CardBody>
        <div role="alert" className="flex flex-col gap-3">
          <div>
            <p className="text-label font-medium text-bad">This file could not be read</p>
            <p className="mt-1 text-lead font-medium break-words">
              {error?.message ?? 'Reading failed without a reason.'}
            </p>
          </div>
          {error ? (
            <dl className="grid grid-cols-[5rem_1fr] gap-x-4 gap-y-1 text-table">
              {errorPlace(error) ? (
                <>
                  <dt className="text-muted">Where</dt>
                  <dd className="break-words">{errorPlace(error)}</dd>
                </>
              ) : null}
              {error.value == null ? null : (
                <>
                  <dt className="text-muted">Value</dt>
                  <dd className="font-mono text-label break-all">{error.value}</dd>
                </>
              )}
              {error.fix ? (
                <>
                  <dt className="text-muted">Fix</dt>
                  <dd className="break-words">{error.fix}</dd>
                </>
              ) : null}
            </dl>
          ) : null}
          <p className="text-table text-muted">
            {version.sourceName} ({formatBytes(version.sourceBytes)}) is kept as it came. Other versions of this data
            set are not affected.
          </p>
          {mayEdit ? (
            <div>
              <FileButton
                tone="primary"
                onFiles={([file]) => {
                  if (file) {
                    start(file, {
                      projectId,
                      datasetId,
                      onDone: () => router.push(routes.dataset(projectId, datasetId)),
                    });
                  }
                }}
              >
                Upload a corrected file
              </FileButton>
            </div>
          ) : null}
        </div>
      </CardBody>
    </Card>
  );
}
