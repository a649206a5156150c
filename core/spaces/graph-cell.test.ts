import { describe, expect, it } from 'vitest';
import { enumerateDesigns } from './enumerate.ts';
import { cellFunction, cellHash, graphCellSpace } from './graph-cell.ts';
import { countDesigns } from './space.ts';

const cell = (link: string, ...ops: string[]) => ({ link, op1: ops[0]!, op2: ops[1]!, op3: ops[2]!, op4: ops[3]! });

describe('cells of NAS-Bench-Graph', () => {
  it('collapse from 9 x 9^4 raw cells to the 26,206 published ones', () => {
    expect(countDesigns(graphCellSpace)).toBe(59_049);
    const functions = new Set<string>();
    let left = 0;
    for (const design of enumerateDesigns(graphCellSpace, 60_000)) {
      const text = cellFunction(design);
      if (text === null) left++;
      else functions.add(text);
    }
    expect(functions.size).toBe(26_206);
    expect(left).toBe(5993);
  });

  it('are the same whatever the order of branches and the place of skips', () => {
    const a = cellHash(cell('0011', 'gat', 'gcn', 'gin', 'fc'));
    expect(cellHash(cell('0011', 'gat', 'gcn', 'fc', 'gin'))).toBe(a);
    const chain = cellHash(cell('0123', 'gat', 'skip', 'gcn', 'fc'));
    expect(cellHash(cell('0123', 'skip', 'gat', 'gcn', 'fc'))).toBe(chain);
    expect(cellHash(cell('0123', 'gat', 'gcn', 'fc', 'skip'))).toBe(chain);
    expect(cellHash(cell('0123', 'gat', 'fc', 'gcn', 'skip'))).not.toBe(chain);
  });

  it('are left out when the raw input would reach the output', () => {
    expect(cellHash(cell('0000', 'gat', 'gcn', 'gin', 'skip'))).toBeNull();
    expect(cellHash(cell('0123', 'skip', 'skip', 'skip', 'skip'))).toBeNull();
    expect(cellHash(cell('0111', 'gat', 'gcn', 'gin', 'skip'))).not.toBeNull();
  });
});
