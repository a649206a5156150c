/** Searches as anybody would start them: by the command line, in a process of their own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunResult } from '#core/contracts/result.ts';

export const cli = join(import.meta.dirname, '../../warmstart.mjs');

export interface SearchFlags {
  readonly target: string;
  /** Seconds. */
  readonly budget: number;
  /** Where the model goes. */
  readonly out: string;
  /** Further options by name, without dashes. */
  readonly more?: Readonly<Record<string, string>>;
}

export interface SearchProcess {
  /** Milliseconds; three times the budget and two minutes where not stated. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Finished trials of earlier searches are never taken over.
 * @throws Error of the process, with what it said on `stderr`
 */
export async function runSearch(
  file: string,
  { target, budget, out, more = {} }: SearchFlags,
  { timeout = budget * 3000 + 120_000, env = {} }: SearchProcess = {},
): Promise<RunResult> {
  const options = { target, budget: `${budget}s`, out, reuse: 'off', ...more };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'run', file, ...args, '--json'], {
    maxBuffer: 1e8,
    timeout,
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout) as RunResult;
}

/** The end of what a process said before it failed. */
export function lastLines(error: unknown, count: number): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n').slice(-count).join(' | ');
}
