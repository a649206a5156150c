// `npm test`: installs what is missing and runs every test with the pinned Node. `-- --only core|db|e2e` runs a part.
import { ensureInstalled, runPinned } from '../dev/bootstrap.mjs';

ensureInstalled();
runPinned('infra/ci/test.ts', process.argv.slice(2));
