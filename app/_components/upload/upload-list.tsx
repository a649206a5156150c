'use client';
/** Files on their way: how much, how fast, how long; cancel, or go on after a break. */
import { RotateCw, X } from 'lucide-react';
import { formatBytes, formatDuration } from '../../_lib/format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { type UploadView, useUploads } from './upload-context.tsx';

function timing(upload: UploadView): string {
  const { received, bytes, perSecond, state, resumedAt } = upload;
  const size = `${formatBytes(received)} of ${formatBytes(bytes)}`;
  if (state === 'closing') return 'checking';
  if (state !== 'sending' || !perSecond || received >= bytes) return size;
  const left = (bytes - received) / perSecond;
  const note = resumedAt > 0 ? ` · resumed at ${formatBytes(resumedAt)}` : '';
  return `${size} · ${formatBytes(perSecond)}/s · ${formatDuration(Math.max(1, Math.round(left)))} left${note}`;
}

export function UploadList() {
  const { uploads, resume, cancel } = useUploads();
  if (uploads.length === 0) return null;
  return (
    <section
      aria-label="Uploads"
      className="fixed right-4 bottom-[calc(var(--bottom-bar)+1rem)] z-40 flex w-[calc(100vw-2rem)] max-w-sm flex-col gap-3 rounded-lg border border-line-strong bg-panel p-3.5 shadow-float md:bottom-4"
    >
      {uploads.map((upload) => {
        const broken = upload.state === 'stalled' || upload.state === 'failed';
        return (
          <div key={upload.key} className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <Progress
                label={<span className="font-medium text-ink">{upload.name}</span>}
                value={upload.bytes > 0 ? upload.received / upload.bytes : null}
                tone={broken ? 'bad' : 'ember'}
              />
              <p className="mt-1 text-label text-muted">{timing(upload)}</p>
              {upload.message ? (
                <p
                  role={broken ? 'alert' : undefined}
                  className={broken ? 'text-label text-bad' : 'text-label text-warn'}
                >
                  {upload.message}
                </p>
              ) : null}
              {broken ? (
                <Button size="small" className="mt-1.5" onClick={() => resume(upload.key)}>
                  <RotateCw aria-hidden className="size-3" />
                  {upload.received > 0 ? `Go on from ${formatBytes(upload.received)}` : 'Try again'}
                </Button>
              ) : null}
            </div>
            <IconButton small label={`Cancel the upload of ${upload.name}`} onClick={() => cancel(upload.key)}>
              <X aria-hidden className="size-3.5" />
            </IconButton>
          </div>
        );
      })}
    </section>
  );
}
