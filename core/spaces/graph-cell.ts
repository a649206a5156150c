/**
 * The cells of NAS-Bench-Graph (Qin, Zhang, Zhang and Zhu 2022, arXiv 2206.09166): four operations, each on the raw
 * input or on an earlier operation's output; outputs that nothing reads make up the cell's output. Many raw cells
 * compute the same: what is hashed is the tree that is left when skips are taken out and branches are sorted.
 */
import { sha256Hex } from '../math/sha256.ts';
import { encodeUtf8 } from '../onnx/utf8.ts';
import { choice, type Design, type Space } from './space.ts';

const LINKS = ['0000', '0001', '0011', '0012', '0013', '0111', '0112', '0122', '0123'];
const OPERATIONS = ['gat', 'gcn', 'gin', 'cheb', 'sage', 'arma', 'graph', 'fc', 'skip'];
const NODES = ['op1', 'op2', 'op3', 'op4'];

export const graphCellSpace: Space = {
  name: 'graph-cell',
  version: 1,
  decisions: [
    // Where operations 1 to 4 read from, one digit each; 0 is the raw input.
    choice('link', LINKS, { phrase: 'links {}' }),
    ...NODES.map((name) => choice(name, OPERATIONS, { phrase: '{}' })),
  ],
};

/**
 * Text of what a cell computes: equal for cells that compute the same with the same weights. Null for cells that are not
 * in the benchmark: their raw input would reach the output as it is.
 */
export function cellFunction(cell: Design): string | null {
  const sources = Array.from(String(cell.link), Number);
  const operations = NODES.map((name) => String(cell[name]));
  const readers = (node: number): string[] => {
    const branches = sources.flatMap((source, i) => {
      if (source !== node) return [];
      const after = readers(i + 1);
      if (operations[i] !== 'skip') return [`${operations[i]}(${after.join()})`];
      // A skip hands its source on to its readers; without any, its source becomes an output.
      return after.length > 0 ? after : ['skip'];
    });
    // A source that only a skip puts out is an output as it is.
    return branches.length === 1 && branches[0] === 'skip' ? [] : branches.sort();
  };
  const branches = readers(0);
  return branches.length === 0 || branches.includes('skip') ? null : branches.join();
}

/** SHA-256 of what a cell computes, hexadecimal; null where `cellFunction` is. */
export function cellHash(cell: Design): string | null {
  const text = cellFunction(cell);
  return text === null ? null : sha256Hex(encodeUtf8(text));
}
