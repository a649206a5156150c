/** Where the browser of the tests comes from: CHROMIUM_PATH, the system's Chromium, the one from npm, Playwright's own. */
import { existsSync } from 'node:fs';

export interface BrowserLaunch {
  readonly executablePath?: string;
  readonly args: string[];
}

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function findBrowser(): Promise<BrowserLaunch> {
  const candidates = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const system = candidates.find((path) => path && existsSync(path));
  if (system) return { executablePath: system, args: quiet };
  if (process.platform === 'linux') {
    const { default: chromium } = await import('@sparticuz/chromium');
    return {
      executablePath: await chromium.executablePath(),
      args: [...quiet, '--headless=shell', '--disable-dev-shm-usage'],
    };
  }
  return { args: quiet };
}
