/** Builds the web application when its sources changed since the last build. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const sources = [
  'app',
  'core',
  'db',
  'server',
  'public',
  'package-lock.json',
  'package.json',
  'next.config.js',
  'proxy.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'tsconfig.app.json',
];

function hashSources(root: string): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    if (!existsSync(join(root, path))) return;
    if (statSync(join(root, path)).isDirectory()) {
      if (path === 'public/ort') return;
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    } else if (!path.endsWith('.test.ts')) {
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  };
  sources.forEach(visit);
  return hash.digest('hex');
}

/**
 * Builds into `distDir` unless it holds a build of exactly these sources.
 * @throws Error with the output of the build
 */
export async function buildWeb(root: string, distDir: string, say: (line: string) => void): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'infra/dev/copy-ort.mjs')], { cwd: root });
  const stamp = join(root, distDir, 'warmstart-build');
  const wanted = hashSources(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Building the web application (about a minute, only after a change) …');
  try {
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_DIST_DIR: distDir },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`The build failed:\n${stdout}\n${stderr}`);
  }
  writeFileSync(stamp, wanted);
}
