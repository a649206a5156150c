/** Prepared data in a process that trains: read once, kept for the next trial. */
import { readFile } from 'node:fs/promises';
import { type Prepared, unpackPrepared } from '#core/tasks/prepared-task.ts';

let held: { path: string; prepared: Prepared } | undefined;

/** Reads the file once per process and search: trials after the first start at once. */
export async function loadPrepared(path: string): Promise<Prepared> {
  if (held?.path !== path) {
    held = undefined;
    held = { path, prepared: unpackPrepared(await readFile(path)) };
  }
  return held.prepared;
}
