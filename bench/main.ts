/** `npm run bench -- NAME [options]`: one bench a file, each printing JSON lines and then a table (CONTRACTS.md). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where benches lie: `real-training/` holds those that train one network on one set. */
const folders = ['.', 'real-training'];
const benches = new Map(
  folders.flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((file) => file.endsWith('.ts') && file !== 'main.ts' && !file.endsWith('.test.ts'))
      .map((file): [string, string] => [file.slice(0, -3), `./${folder}/${file}`]),
  ),
);
const [name = '', ...args] = process.argv.slice(2);
const path = benches.get(name);
if (path === undefined) {
  console.error(`usage: npm run bench -- ${[...benches.keys()].join('|')} [options]`);
  process.exit(2);
}
const bench = (await import(path)) as { run(args: string[]): Promise<void> };
await bench.run(args);
