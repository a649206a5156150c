/** Runs one command of the project's tools and reports how it went. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Outcome {
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

/**
 * Runs a script of `node_modules` under this Node.
 * @param script path below the root, e.g. `node_modules/typescript/bin/tsc`
 * @param show whether its output goes to the terminal at once instead of being kept
 */
export function runScript(
  script: string,
  args: readonly string[],
  options: { show?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const startedAt = Date.now();
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: options.show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((done) => {
    child.on('error', (error) => done({ ok: false, seconds: 0, output: error.message }));
    child.on('close', (code) => done({ ok: code === 0, seconds: (Date.now() - startedAt) / 1000, output }));
  });
}
