/** Resident size of a process: the only measure of memory that includes what native code holds. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const pageMegabytes = 4096 / 1024 / 1024;

/** Megabytes, or 0 when the process is gone or the system does not tell. */
export function residentMegabytes(pid: number): number {
  if (process.platform === 'linux') {
    try {
      return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageMegabytes;
    } catch {
      return 0;
    }
  }
  if (process.platform === 'win32') return 0;
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  } catch {
    return 0;
  }
}
