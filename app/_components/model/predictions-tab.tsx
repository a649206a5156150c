'use client';
/** Files of any length: uploaded, predicted by a worker, kept for download. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ModelView } from '#core/contracts/views.ts';
import { cx } from '../../_lib/cx.ts';
import { formatBytes, formatCount } from '../../_lib/format.ts';
import { errorText, type RouterOutputs, useTRPC, useTRPCClient } from '../../_lib/trpc.tsx';
import { whyNotAccepted } from '../../_lib/upload/accept.ts';
import {
  Button,
  buttonClass,
  Chip,
  Empty,
  Notice,
  Segmented,
  Skeleton,
  showToast,
  Table,
  Td,
  Th,
  Time,
} from '../ui/index.ts';
import { FileButton } from '../upload/file-button.tsx';
import { useUploads } from '../upload/upload-context.tsx';

type Prediction = RouterOutputs['prediction']['list'][number];
type Format = Prediction['format'];

const formats = [
  { value: 'csv', label: 'CSV' },
  { value: 'parquet', label: 'Parquet' },
] as const;
const stillRunningMs = 1500;

export function PredictionsTab({ model, mayEdit }: { readonly model: ModelView; readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const cache = useQueryClient();
  const uploads = useUploads();
  const [format, setFormat] = useState<Format>('csv');
  const list = useQuery(
    trpc.prediction.list.queryOptions(
      { modelId: model.id },
      {
        refetchInterval: ({ state }) =>
          state.data?.some((one) => one.state === 'queued' || one.state === 'running') ? stillRunningMs : false,
      },
    ),
  );
  const start = ([file]: readonly File[]) => {
    if (!file) return;
    const refusal = whyNotAccepted(file);
    if (refusal) return showToast({ title: 'The file was not taken', description: refusal, tone: 'bad' });
    uploads.start(file, {
      projectId: model.projectId,
      use: async (uploadId) => {
        await client.prediction.create.mutate({ modelId: model.id, uploadId, format });
        await cache.invalidateQueries(trpc.prediction.pathFilter());
      },
    });
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-3 pb-3">
        <p className="min-w-0 flex-1 basis-64 text-label text-muted">
          A CSV, Parquet or JSON lines file with the model’s columns: a worker predicts every row
          {model.metadata.conformal?.method ? ', with its interval' : ''}. The file itself is not kept.
        </p>
        {mayEdit ? (
          <>
            <Segmented label="Format of the answers" value={format} onChange={setFormat} options={formats} />
            <FileButton tone="secondary" onFiles={start}>
              Predict a file
            </FileButton>
          </>
        ) : null}
      </div>
      {list.data ? (
        <PredictionTable rows={list.data} mayEdit={mayEdit} />
      ) : list.isError ? (
        <Notice tone="bad" className="mx-4 mb-4" title="The list could not be read">
          {errorText(list.error)}
        </Notice>
      ) : (
        <div className="h-40 p-4">
          <Skeleton className="h-full w-full" />
        </div>
      )}
    </>
  );
}

function PredictionTable({ rows, mayEdit }: { readonly rows: readonly Prediction[]; readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const remove = useMutation(
    trpc.prediction.delete.mutationOptions({
      onSuccess: () => cache.invalidateQueries(trpc.prediction.pathFilter()),
      onError: (error) => showToast({ title: 'It was not deleted', description: errorText(error), tone: 'bad' }),
    }),
  );
  if (rows.length === 0)
    return <Empty title="No file was predicted yet">Answers stay here until they are deleted.</Empty>;
  return (
    <Table
      label="Predicted files"
      head={
        <>
          <Th>File</Th>
          <Th>Answers</Th>
          <Th end>Rows</Th>
          <Th>When</Th>
          <Th />
        </>
      }
    >
      {rows.map((one) => (
        <tr key={one.id}>
          <Td className="max-w-44 py-1 sm:max-w-80">
            <span className="block truncate" title={one.fileName}>
              {one.fileName}
            </span>
            <Remarks one={one} />
          </Td>
          <Td>
            <Answers one={one} />
          </Td>
          <Td end>{one.rows > 0 ? formatCount(one.rows) : '–'}</Td>
          <Td>
            <Time value={one.createdAt} className="text-muted" />
          </Td>
          <Td end>
            {mayEdit ? (
              <Button
                tone="quiet"
                size="small"
                aria-label={`Delete the predictions of ${one.fileName}`}
                disabled={remove.isPending}
                onClick={() => remove.mutate({ id: one.id })}
              >
                <Trash2 aria-hidden className="size-3.5" />
              </Button>
            ) : null}
          </Td>
        </tr>
      ))}
    </Table>
  );
}

function Answers({ one }: { readonly one: Prediction }) {
  if (one.state === 'ready')
    return (
      <a href={`/api/predictions/${one.id}`} className={buttonClass('secondary', 'small')}>
        <Download aria-hidden className="size-3.5" />
        {one.format === 'csv' ? 'CSV' : 'Parquet'}, {formatBytes(one.bytes ?? 0)}
      </a>
    );
  if (one.state === 'failed') return <Chip tone="bad">failed</Chip>;
  return <Chip>{one.state === 'running' ? 'predicting' : 'waiting'}</Chip>;
}

/** What was taken as missing, or why there are no answers. */
function Remarks({ one }: { readonly one: Prediction }) {
  const words = one.error ? [[one.error.message, one.error.fix].filter(Boolean).join(' ')] : one.notes;
  return words.map((text) => (
    <span key={text} className={cx('block pb-1 text-label whitespace-normal', one.error ? 'text-muted' : 'text-warn')}>
      {text}
    </span>
  ));
}
