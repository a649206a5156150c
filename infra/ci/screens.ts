/**
 * Makes docs/screens/*.png from the running product: every page at 1440 and 360 pixels, light and dark.
 * `node infra/dev/with-node.mjs infra/ci/screens.ts [--url URL] [--only NAME,NAME]`; without `--url` it starts the
 * product on a fresh state folder and stops it afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { freePort } from '#db/embedded/cluster.ts';
import { findBrowser } from '#tests/e2e/browser.ts';
import { type Scene, scenes } from './screens/scenes.ts';
import { makeWorld, type World } from './screens/world.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const out = join(root, 'docs/screens');
const { values } = parseArgs({ options: { url: { type: 'string' }, only: { type: 'string' } } });
const wanted = values.only?.split(',');
const sizes = [
  { width: 1440, height: 900 },
  { width: 360, height: 800 },
];

async function startProduct(): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'warmstart-screens-'));
  chmodSync(data, 0o755);
  const args = ['--disable-warning=ExperimentalWarning', 'infra/dev/supervise.ts', '--port', `${port}`, '--data', data];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://localhost:${port}`;
  for (const end = Date.now() + 600_000; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}`);
    const up = await fetch(`${url}/api/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return { url, child };
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error('the product did not start');
}

/** Ages and instants differ at every run; they stand still in pictures. */
async function holdTimes(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const time of document.querySelectorAll('time')) time.textContent = '2 h ago';
  });
}

async function take(browser: Browser, scene: Scene, world: World, base: BrowserContextOptions): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of sizes) {
      const context = await browser.newContext({ ...base, colorScheme, viewport, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await page.goto(scene.path(world));
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      // Live pages keep a stream open, so the network is never idle: what counts is that no placeholder is left.
      await page.waitForFunction(() => document.querySelectorAll('.breathe').length === 0, null, { timeout: 20_000 });
      await page.waitForTimeout(700);
      await scene.act?.(page);
      await page.waitForTimeout(300);
      await holdTimes(page);
      await page.screenshot({ path: join(out, `${scene.name}-${viewport.width}-${colorScheme}.png`) });
      await context.close();
    }
  }
  console.log(scene.name);
}

const product = values.url ? null : await startProduct();
const url = values.url ?? product?.url ?? '';
const launch = await findBrowser();
const browser = await chromium.launch({
  ...(launch.executablePath ? { executablePath: launch.executablePath } : {}),
  args: launch.args,
});
try {
  mkdirSync(out, { recursive: true });
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const world = await makeWorld(page);
  const storageState = await context.storageState();
  await context.close();
  let failed = 0;
  for (const scene of scenes) {
    if (wanted && !wanted.includes(scene.name)) continue;
    const base = scene.signedOut ? { baseURL: url } : { baseURL: url, storageState };
    await take(browser, scene, world, base).catch((error: Error) => {
      failed += 1;
      console.error(`${scene.name}: ${error.message.split('\n')[0]}`);
    });
  }
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await browser.close();
  product?.child.kill('SIGTERM');
}
