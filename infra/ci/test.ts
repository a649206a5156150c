/** Every test: checks, core and database tests by Vitest, the product in a browser by Playwright. The last line counts them. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { runScript } from './run-command.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const parts = ['check', 'core', 'db', 'e2e'];
if (values.only !== undefined && !parts.includes(values.only)) {
  console.error(`--only takes one of ${parts.join(', ')}`);
  process.exit(2);
}
const wanted = (part: string) => values.only === undefined || values.only === part;
const reports = mkdtempSync(join(tmpdir(), 'warmstart-reports-'));
let passed = 0;
let failed = 0;

const count = (ok: boolean) => {
  if (ok) passed++;
  else failed++;
};

/** Adds a part's counts; a part that failed without a failed test (a crash) counts as one failure. */
function add(name: string, ok: boolean, seconds: number, good: number, bad: number): void {
  passed += good;
  failed += bad === 0 && !ok ? 1 : bad;
  console.log(`${name}: ${good} passed, ${bad} failed in ${seconds.toFixed(0)} s\n`);
}

async function vitest(project: 'core' | 'db'): Promise<void> {
  const file = join(reports, `${project}.json`);
  const outcome = await runScript(
    'node_modules/vitest/vitest.mjs',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { show: true },
  );
  const report = JSON.parse(readOrEmpty(file)) as { numPassedTests?: number; numFailedTests?: number };
  add(project, outcome.ok, outcome.seconds, report.numPassedTests ?? 0, report.numFailedTests ?? 0);
}

async function playwright(): Promise<void> {
  const file = join(reports, 'e2e.json');
  const outcome = await runScript('node_modules/@playwright/test/cli.js', ['test'], {
    show: true,
    env: { E2E_REPORT: file },
  });
  const report = JSON.parse(readOrEmpty(file)) as { stats?: { expected: number; unexpected: number; flaky: number } };
  add(
    'e2e',
    outcome.ok,
    outcome.seconds,
    report.stats?.expected ?? 0,
    (report.stats?.unexpected ?? 0) + (report.stats?.flaky ?? 0),
  );
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{}';
  }
}

if (wanted('check')) count(await check());
if (wanted('core')) await vitest('core');
if (wanted('db')) await vitest('db');
if (wanted('e2e')) await playwright();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
