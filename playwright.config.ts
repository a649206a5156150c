import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './tests/e2e/browser.ts';

const port = Number(process.env.E2E_PORT ?? 3917);
const baseURL = process.env.E2E_URL ?? `http://localhost:${port}`;
const launch = await findBrowser();

/** State of the product under test: thrown away, and enterable by the database's user. */
function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-e2e-'));
  chmodSync(folder, 0o755);
  return folder;
}

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  // One product with one worker on two cores: tests take turns.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: process.env.E2E_REPORT ? [['list'], ['json', { outputFile: process.env.E2E_REPORT }]] : [['list']],
  use: {
    baseURL,
    launchOptions: { ...(launch.executablePath ? { executablePath: launch.executablePath } : {}), args: launch.args },
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
  },
  ...(process.env.E2E_URL
    ? {}
    : {
        webServer: {
          command: `node infra/dev/with-node.mjs infra/dev/supervise.ts --port ${port} --data ${stateFolder()}`,
          url: `${baseURL}/api/health`,
          timeout: 300_000,
          gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
          stdout: 'pipe',
          stderr: 'pipe',
        },
      }),
});
