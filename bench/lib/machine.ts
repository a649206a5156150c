/** Where and on what a kept result was measured. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export function machine(): { cpu: string; cores: number; gigabytes: number; node: string; commit: string } {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    gigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    commit,
  };
}

/** Keeps a bench's result under `bench/results/NAME.json` with machine and commit. */
export function keepResult(name: string, result: unknown): void {
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(
    join(root, 'bench/results', `${name}.json`),
    `${JSON.stringify({ machine: machine(), date: new Date().toISOString().slice(0, 10), result }, null, 2)}\n`,
  );
}
