/** The fast loop: format and lint, types of core, node and app, import canaries; side by side, first failure last on the screen. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runScript } from './run-command.ts';

const tsc = 'node_modules/typescript/bin/tsc';
const biome = 'node_modules/@biomejs/biome/bin/biome';
const vitest = 'node_modules/vitest/vitest.mjs';

/** Runs all checks; returns whether all passed. */
export async function check(): Promise<boolean> {
  // Route types come from Next and are needed by the app's own types.
  if (!existsSync(join(root, 'next-env.d.ts'))) await runScript('node_modules/next/dist/bin/next', ['typegen']);
  const jobs: [string, Promise<Awaited<ReturnType<typeof runScript>>>][] = [
    ['format and lint', runScript(biome, ['check', '--error-on-warnings'])],
    ['types of core', runScript(tsc, ['-p', 'tsconfig.core.json'])],
    ['types of node', runScript(tsc, ['-p', 'tsconfig.node.json'])],
    ['types of app', runScript(tsc, ['-p', 'tsconfig.app.json'])],
    ['import rules', runScript(vitest, ['run', '--project', 'core', 'tests/architecture'])],
  ];
  let ok = true;
  for (const [name, job] of jobs) {
    const outcome = await job;
    console.log(`${outcome.ok ? 'ok    ' : 'FAILED'} ${name} (${outcome.seconds.toFixed(1)} s)`);
    if (!outcome.ok) console.log(outcome.output.trimEnd());
    ok &&= outcome.ok;
  }
  return ok;
}

if (import.meta.main) process.exit((await check()) ? 0 : 1);
