/** Paths that arguments name, checked before anything is started. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usageError } from './exit.ts';

/** @throws CliError 2 where there is no such file or folder, or it may not be read */
export function readable(path: string): string {
  const full = resolve(path);
  if (!existsSync(full)) throw usageError(`There is no file ${path}.`);
  try {
    accessSync(full, constants.R_OK);
  } catch {
    throw usageError(`${path} may not be read by this user.`);
  }
  return full;
}

/** @throws CliError 2 for a folder in its place */
export function readableFile(path: string): string {
  const full = readable(path);
  if (statSync(full).isDirectory()) throw usageError(`${path} is a folder; name a file.`);
  return full;
}

/**
 * @param inputs files that are read, which a result must not replace
 * @throws CliError 2 where no file can be written
 */
export function writable(option: string, path: string, inputs: readonly (string | null)[] = []): string {
  const full = resolve(path);
  const folder = dirname(full);
  const wrong = (why: string) => usageError(`--${option} ${path}: ${why}`);
  if (path === '' || !existsSync(folder) || !statSync(folder).isDirectory())
    throw wrong(`there is no folder ${folder}.`);
  if (existsSync(full) && statSync(full).isDirectory()) throw wrong('that is a folder; name a file.');
  if (inputs.includes(full)) throw wrong('that file is read; name another one.');
  try {
    accessSync(existsSync(full) ? full : folder, constants.W_OK);
  } catch {
    throw wrong('it may not be written by this user.');
  }
  return full;
}
