/**
 * The bank as text, to move it between installations and to ship one: JSON lines, the first says what this is, every
 * other one is a task with its trials. Only designs, scores and descriptions of data travel, never data.
 */
import { z } from 'zod';
import { metricNames, taskKinds } from './task.ts';

const SCHEMA = 'warmstart.bank/1';
/** Most that one task may bring. */
const MOST_TRIALS = 5000;

const value = z.union([z.string().max(200), z.number(), z.boolean()]);

const trialSchema = z.object({
  key: z.string().min(1).max(200),
  design: z.record(z.string().max(100), value),
  designHash: z.string().min(1).max(200),
  origin: z.string().max(40),
  score: z.number(),
  seconds: z.number().nonnegative(),
  /** Where and under which budget it was trained. */
  device: z.string().max(200).default(''),
  budgetSeconds: z.number().nonnegative().default(0),
});

const taskSchema = z.object({
  hash: z.string().min(1).max(200),
  name: z.string().min(1).max(500),
  kind: z.enum(taskKinds),
  metric: z.enum(metricNames),
  metaFeatures: z.record(z.string().max(100), z.number()),
  trials: z.array(trialSchema).max(MOST_TRIALS),
});

export type BankFileTask = z.infer<typeof taskSchema>;
export type BankFileTrial = z.infer<typeof trialSchema>;

export function writeBankFile(tasks: readonly BankFileTask[]): string {
  return `${[{ schema: SCHEMA }, ...tasks].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** @throws RangeError that names the line and what is wrong with it */
export function readBankFile(text: string): BankFileTask[] {
  const [first = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = z.object({ schema: z.literal(SCHEMA) }).safeParse(parsed(first, 1));
  if (!header.success) throw new RangeError(`Line 1 must be {"schema":"${SCHEMA}"}: this is no bank file.`);
  return lines.map((line, i) => {
    const task = taskSchema.safeParse(parsed(line, i + 2));
    if (task.success) return task.data;
    const issue = task.error.issues[0];
    throw new RangeError(`Line ${i + 2}: ${issue?.path.join('.') || 'the task'}: ${issue?.message ?? 'not readable'}.`);
  });
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RangeError(`Line ${number} is not JSON.`);
  }
}
