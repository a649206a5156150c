// Runs on any Node from 18 on, with no node_modules: installs what the lock file names and finds the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Installs the packages of the lock file unless exactly these are installed already. Exits the process when npm fails. */
export function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.warmstart-install');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages (about a minute, only after a change) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lock file whose optional packages of other platforms were not to be had when it was written.
  const result = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, npm_config_onnxruntime_node_install: 'skip', ONNXRUNTIME_NODE_INSTALL: 'skip' },
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm install failed: see its message above. Network access to the npm registry is needed once.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** Path of the pinned Node that came with the packages, or this Node where it is new enough. */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const carried = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
  if (existsSync(carried)) return carried;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  console.error(
    `Warmstart needs Node 22.18 or newer on ${process.platform} ${process.arch}; this is ${process.versions.node}.`,
  );
  process.exit(1);
}

/**
 * Runs a TypeScript file of this repository with the pinned Node, passing signals on, and ends with its exit code.
 * @param {string} file path below the root
 * @param {string[]} args
 */
export function runPinned(file, args) {
  const node = pinnedNode();
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, file), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` },
  });
  // A terminal sends Ctrl-C to the whole group: the child decides, this process only waits for it.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
  return child;
}
