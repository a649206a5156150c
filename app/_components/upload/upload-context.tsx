'use client';
/** Uploads of this browser tab. They live in the frame, so that one can walk through pages while a file travels. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC, useTRPCClient } from '../../_lib/trpc.tsx';
import { askReceived, putPiece } from '../../_lib/upload/put-piece.ts';
import { createRate } from '../../_lib/upload/rate.ts';
import { fileKey, forgetUpload, recallUpload, rememberUpload } from '../../_lib/upload/remembered.ts';
import { sendFile, UploadStalled } from '../../_lib/upload/send-file.ts';

export interface UploadGoal {
  readonly projectId: string;
  /** Adds a version to this data set instead of making a new one. */
  readonly datasetId?: string;
  /** What becomes of the uploaded file; a data set when left out. */
  readonly use?: (uploadId: string) => Promise<void>;
  /** Where to go when it is read in; the data set's page when left out. */
  readonly onDone?: (made: { datasetId: string; versionId: string }) => void;
}

export interface UploadView {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly received: number;
  readonly perSecond: number | null;
  readonly state: 'sending' | 'waiting' | 'closing' | 'stalled' | 'failed';
  readonly message: string | null;
  /** Bytes that were there already when it was resumed. */
  readonly resumedAt: number;
}

interface UploadState {
  readonly uploads: readonly UploadView[];
  readonly start: (file: File, goal: UploadGoal) => void;
  readonly resume: (key: string) => void;
  readonly cancel: (key: string) => void;
}

interface Running {
  readonly file: File;
  readonly goal: UploadGoal;
  uploadId: string | null;
  abort: AbortController;
}

const UploadContext = createContext<UploadState | null>(null);

export function UploadProvider({ children }: { readonly children: ReactNode }) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const [uploads, setUploads] = useState<readonly UploadView[]>([]);
  const running = useRef(new Map<string, Running>());

  const value = useMemo<UploadState>(() => {
    const patch = (key: string, change: Partial<UploadView>) =>
      setUploads((list) => list.map((one) => (one.key === key ? { ...one, ...change } : one)));
    const drop = (key: string) => {
      running.current.delete(key);
      setUploads((list) => list.filter((one) => one.key !== key));
    };

    /** Finds the unfinished upload of the same file, or opens a new one. */
    const open = async (key: string, { file, goal }: Running): Promise<{ id: string; received: number }> => {
      const known = recallUpload(key);
      if (known) {
        const standing = await client.upload.get.query({ id: known }).catch(() => null);
        if (standing && standing.state !== 'cancelled') return { id: known, received: standing.received };
        forgetUpload(key);
      }
      const made = await client.upload.create.mutate({
        projectId: goal.projectId,
        fileName: file.name,
        bytes: file.size,
      });
      rememberUpload(key, made.id);
      return { id: made.id, received: made.received };
    };

    const run = async (key: string): Promise<void> => {
      const job = running.current.get(key);
      if (!job) return;
      const { file, goal, abort } = job;
      const rate = createRate();
      try {
        const { id, received } = await open(key, job);
        job.uploadId = id;
        patch(key, { received, resumedAt: received });
        const url = `/api/uploads/${id}`;
        await sendFile({
          bytes: file.size,
          received,
          put: (from, to, progress) => putPiece(`${url}?offset=${from}`, file.slice(from, to), progress, abort.signal),
          ask: () => askReceived(url),
          wait: (milliseconds) => pause(milliseconds, abort.signal),
          onProgress: (now) => {
            rate.note(now, performance.now());
            patch(key, { received: now, perSecond: rate.perSecond(), state: 'sending', message: null });
          },
          onTrouble: () => patch(key, { state: 'waiting', message: 'The connection broke; trying again.' }),
          signal: abort.signal,
        });
        patch(key, { state: 'closing' });
        if (goal.use) {
          await goal.use(id);
          forgetUpload(key);
          return drop(key);
        }
        const made = await client.upload.finish.mutate({ id, datasetId: goal.datasetId });
        forgetUpload(key);
        drop(key);
        await cache.invalidateQueries(trpc.dataset.pathFilter());
        if (goal.onDone) goal.onDone(made);
        else router.push(routes.dataset(goal.projectId, made.datasetId));
      } catch (error) {
        if (abort.signal.aborted) return;
        const stalled = error instanceof UploadStalled;
        patch(key, {
          state: stalled ? 'stalled' : 'failed',
          perSecond: null,
          message: stalled ? 'The connection broke. What arrived is kept.' : errorText(error),
        });
      }
    };

    return {
      uploads: [],
      start: (file, goal) => {
        const key = fileKey(goal.projectId, file);
        if (running.current.has(key)) running.current.get(key)?.abort.abort();
        running.current.set(key, { file, goal, uploadId: null, abort: new AbortController() });
        const view: UploadView = {
          key,
          name: file.name,
          bytes: file.size,
          received: 0,
          perSecond: null,
          state: 'sending',
          message: null,
          resumedAt: 0,
        };
        setUploads((list) => [...list.filter((one) => one.key !== key), view]);
        void run(key);
      },
      resume: (key) => {
        const job = running.current.get(key);
        if (!job) return;
        job.abort = new AbortController();
        patch(key, { state: 'sending', message: null });
        void run(key);
      },
      cancel: (key) => {
        const job = running.current.get(key);
        job?.abort.abort();
        if (job?.uploadId) void client.upload.cancel.mutate({ id: job.uploadId }).catch(() => undefined);
        forgetUpload(key);
        drop(key);
      },
    };
  }, [client, cache, trpc, router]);

  const busy = uploads.some((one) => one.state === 'sending' || one.state === 'waiting' || one.state === 'closing');
  useEffect(() => {
    if (!busy) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [busy]);
  useEffect(() => {
    const again = () => {
      for (const one of uploads) if (one.state === 'stalled') value.resume(one.key);
    };
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [uploads, value]);

  return <UploadContext value={{ ...value, uploads }}>{children}</UploadContext>;
}

/** Waits, but not past an abort, and not longer than until the connection is back. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

export function useUploads(): UploadState {
  const state = useContext(UploadContext);
  if (!state) throw new Error('useUploads works only inside the signed-in frame');
  return state;
}
