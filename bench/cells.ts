/**
 * Raw cells of NAS-Bench-Graph against its published keys: every cell that computes something published must find
 * exactly one key. `--data DIR`
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enumerateDesigns } from '#core/spaces/enumerate.ts';
import { cellFunction, graphCellSpace } from '#core/spaces/graph-cell.ts';
import { readDesignTable } from './lib/design-table.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { data: { type: 'string' } } });
  const data = values.data ?? join(import.meta.dirname, '../../shared/data');
  const { designs } = readDesignTable(join(data, 'nasbench/nas_bench_graph/cora'));
  const keys = new Map(designs.map((design) => [cellFunction(design), design]));
  const found = { raw: 0, collapsed: 0, withoutKey: 0, ofNothing: 0 };
  const reached = new Set<string>();
  for (const cell of enumerateDesigns(graphCellSpace, 60_000)) {
    found.raw++;
    const text = cellFunction(cell);
    if (text === null) found.ofNothing++;
    else if (keys.has(text)) {
      found.collapsed++;
      reached.add(text);
    } else found.withoutKey++;
  }
  console.log(JSON.stringify({ published: designs.length, different: keys.size, reached: reached.size, ...found }));
}
