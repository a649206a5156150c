/** What ingest says about an uploaded table: columns, profile, warnings. */
import { z } from 'zod';

/**
 * `number`: float32 input, or double where integers pass 2^24. `category`, `text`, `date`, `boolean`: string inputs.
 * `ignore`: kept in the file, never used.
 */
export const columnTypes = ['number', 'category', 'boolean', 'date', 'text', 'ignore'] as const;
export type ColumnType = (typeof columnTypes)[number];

export const columnProfileSchema = z.object({
  /** Header as it stands; duplicates get `_2`, blanks `column_7`. */
  name: z.string(),
  type: z.enum(columnTypes),
  /** Integers beyond 2^24 need a double input. */
  wide: z.boolean().default(false),
  missing: z.number().int(),
  distinct: z.number().int(),
  /** Numbers only. */
  min: z.number().nullish(),
  max: z.number().nullish(),
  mean: z.number().nullish(),
  deviation: z.number().nullish(),
  quantiles: z.array(z.number()).nullish(),
  /** Equal-width counts between min and max. */
  histogram: z.array(z.number().int()).nullish(),
  /** Most frequent values, first the commonest; strings as they stand. */
  top: z.array(z.object({ value: z.string(), count: z.number().int() })),
  /** Numbers of few values: how they stand in the file, by `String(value)`, where that differs (`1` as `1.0`). */
  spellings: z.record(z.string(), z.string()).nullish(),
  /** Format of a date column, e.g. `YYYY-MM-DD`. */
  dateFormat: z.string().nullish(),
});
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

export const warningCodes = [
  'identifier',
  'constant',
  'duplicate_rows',
  'duplicate_column',
  'leakage',
  'missing_target',
  'high_missing',
  'high_cardinality',
  'rare_class',
  'imbalance',
  'mixed_types',
  'corrected',
  'many_columns',
  'few_rows',
] as const;
export const dataWarningSchema = z.object({
  code: z.enum(warningCodes),
  severity: z.enum(['info', 'warning', 'serious']),
  column: z.string().nullish(),
  message: z.string(),
  /** What one click does about it. */
  fix: z.object({ label: z.string(), column: z.string().nullish(), setType: z.enum(columnTypes).nullish() }).nullish(),
});
export type DataWarning = z.infer<typeof dataWarningSchema>;

export const profileSchema = z.object({
  rows: z.number().int(),
  columns: z.array(columnProfileSchema),
  warnings: z.array(dataWarningSchema),
  /** What reading corrected, in plain words (encoding, decimal commas, ragged rows, …). */
  corrections: z.array(z.string()),
  format: z.object({
    kind: z.enum(['csv', 'tsv', 'parquet', 'jsonl']),
    delimiter: z.string().nullish(),
    encoding: z.string().nullish(),
    header: z.boolean().default(true),
  }),
});
export type Profile = z.infer<typeof profileSchema>;

/** A refusal that names place, value and fix; thrown by ingest, shown to the person as it is. */
export const dataErrorSchema = z.object({
  message: z.string(),
  file: z.string().nullish(),
  line: z.number().int().nullish(),
  column: z.string().nullish(),
  value: z.string().nullish(),
  fix: z.string().nullish(),
});
export type DataErrorDetail = z.infer<typeof dataErrorSchema>;
