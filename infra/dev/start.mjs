// `npm start`: installs what is missing and starts the whole product with the pinned Node.
import { ensureInstalled, runPinned } from './bootstrap.mjs';

ensureInstalled();
runPinned('infra/dev/supervise.ts', process.argv.slice(2));
