/** The Python environment that peers run in; the product itself never needs it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/**
 * Makes `.venv/NAME` on first use and installs what is missing there.
 * @param packages pip requirements, e.g. `scikit-learn==1.7.2`
 * @param name peers that pin what others need in another version have an environment of their own
 * @returns path of its Python
 */
export async function ensureVenv(packages: readonly string[], name = 'bench'): Promise<string> {
  const folder = join(root, '.venv', name);
  const python = join(folder, 'bin/python');
  if (!existsSync(python)) await exec('python3', ['-m', 'venv', folder]);
  const { stdout } = await exec(python, ['-m', 'pip', 'list', '--format=freeze'], { maxBuffer: 1e7 });
  const installed = new Set(
    stdout
      .toLowerCase()
      .split('\n')
      .map((line) => line.split('==')[0]?.replaceAll('_', '-')),
  );
  const missing = packages.filter(
    (p) => !installed.has((p.split(/[=<>[]/)[0] ?? '').toLowerCase().replaceAll('_', '-')),
  );
  if (missing.length > 0) {
    console.error(`Installing ${missing.join(', ')} into .venv/${name} …`);
    await exec(python, ['-m', 'pip', 'install', '--quiet', ...missing], { maxBuffer: 1e8 });
  }
  return python;
}
