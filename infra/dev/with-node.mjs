// Runs a TypeScript file of this repository with the pinned Node: `node infra/dev/with-node.mjs FILE [arguments]`.
import { ensureInstalled, runPinned } from './bootstrap.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('usage: node infra/dev/with-node.mjs FILE [arguments]');
  process.exit(2);
}
ensureInstalled();
runPinned(file, args);
