/** Every job: its payload, how duplicates collapse, and how long it may be silent. Payloads carry ids only. */
import { z } from 'zod';

const searchJob = z.object({ searchId: z.uuid() });

export const jobSchemas = {
  'dataset.ingest': z.object({ versionId: z.uuid() }),
  'dataset.splits': z.object({ splitReportId: z.uuid() }),
  'search.prepare': searchJob,
  'search.step': searchJob,
  'trial.train': z.object({ searchId: z.uuid(), trialIds: z.array(z.uuid()).min(1) }),
  'trial.judge': z.object({ searchId: z.uuid(), trialId: z.uuid() }),
  'model.finalize': searchJob,
  'model.faults': z.object({ modelId: z.uuid() }),
  'model.predict': z.object({ predictionId: z.uuid() }),
  'model.replay': z.object({ replayId: z.uuid() }),
} as const;

export type JobName = keyof typeof jobSchemas;
export type JobData<J extends JobName> = z.infer<(typeof jobSchemas)[J]>;
export const jobNames = Object.keys(jobSchemas) as JobName[];

/** Equal keys collapse while the earlier job has not begun, so sending a job twice is harmless. */
export function jobKey<J extends JobName>(job: J, data: JobData<J>): string {
  // What a job is about is named beside its search, or alone.
  const { searchId, ...own } = data as Readonly<Record<string, string | readonly string[]>>;
  return `${job}:${Object.values(own)[0] ?? searchId}`;
}

const day = 86_400;

/**
 * Queue settings. `retryLimit` is 0 where the rows themselves say what is left to do: trials and steps are sent again
 * by the worker's watch (`workers/jobs/watch.ts`) as soon as nobody works on them, long before a heartbeat runs out.
 */
export const queueOptions = {
  policy: 'short',
  notify: true,
  heartbeatSeconds: 20,
  expireInSeconds: day,
  deleteAfterSeconds: 3600,
  retryLimit: 0,
} as const;
