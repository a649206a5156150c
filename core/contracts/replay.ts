/** What `warmstart replay --json` says. */
import { z } from 'zod';

/** Where a replay differs from its receipt: its integrity, its data, its asks, its trials, or the file that comes out. */
export const replayPlaces = [
  'receipt',
  'data',
  'prepared',
  'asks',
  'trials',
  'ensemble',
  'graph',
  'verification',
  'scores',
  'metadata',
  'model',
] as const;

export const replayReportSchema = z.object({
  schema: z.literal('warmstart.replay/1'),
  /** The same file, byte by byte, by the same asks, from the same data. */
  same: z.boolean(),
  receipt: z.string(),
  model: z.object({ recorded: z.string(), rebuilt: z.string().nullable(), bytes: z.number().int().nullable() }),
  asks: z.object({ replayed: z.number().int(), proposals: z.number().int(), differ: z.number().int() }),
  trials: z.object({ retrained: z.number().int(), differ: z.number().int() }),
  /** What differs, in the order in which it was found; the first is usually the cause of the others. */
  differences: z.array(z.object({ place: z.enum(replayPlaces), message: z.string() })),
  /** What is another here than there and may explain a difference: engine, CPU class, runtimes. */
  environment: z.array(z.string()),
  seconds: z.number(),
});
export type ReplayReport = z.infer<typeof replayReportSchema>;
/** A replay that somebody asked the product for. */
export interface ReplayView {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'ready' | 'failed';
  /** Whether every finished trial is trained again. */
  readonly all: boolean;
  readonly report: ReplayReport | null;
  /** Why it failed, in plain words. */
  readonly error: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}
export type ReplayDifference = ReplayReport['differences'][number];
