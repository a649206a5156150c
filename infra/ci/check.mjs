// `npm run check`: format, lint, types and import canaries, in under 20 seconds.
import { ensureInstalled, runPinned } from '../dev/bootstrap.mjs';

ensureInstalled();
runPinned('infra/ci/check.ts', process.argv.slice(2));
