/**
 * Kernels between encoded designs: decisions one by one (what a linear model on one-hot codes sees), decisions together,
 * and how designs did on other tasks.
 */
import { type Encoding, INACTIVE, similarityTables } from './encoding.ts';

/** Rows of codes, with what the bank says about each. */
export interface DesignRows {
  readonly count: number;
  /** [count, columns] */
  readonly codes: Uint8Array;
  /** Normal scores on the tasks of the bank, [count, tasks]; 0 where a task does not know the design. */
  readonly bank: Float32Array;
  readonly tasks: number;
}

/** Mean score of row `i` on the tasks of the bank; 0 from an empty bank. */
export function bankMean(rows: DesignRows, i: number): number {
  let sum = 0;
  for (let t = 0; t < rows.tasks; t++) sum += rows.bank[i * rows.tasks + t]!;
  return rows.tasks > 0 ? sum / rows.tasks : 0;
}

export interface KernelWeights {
  readonly separate: number;
  readonly together: number;
  readonly bank: number;
}

/** Distance over which designs that differ forget each other, in decisions. */
const REACH = 1.5;

export class DesignKernel {
  private readonly columns: number;
  private readonly size: number;
  private readonly tables: Float32Array;

  constructor(encoding: Encoding) {
    const { size, tables } = similarityTables(encoding);
    this.columns = encoding.columns.length;
    this.size = size;
    this.tables = tables;
  }

  /** Sums of similarities over columns, from 0 to the number of columns, [a.count, b.count]. */
  similarities(a: DesignRows, b: DesignRows): Float32Array {
    const { columns, size, tables } = this;
    const out = new Float32Array(a.count * b.count);
    const inactive = size - 1;
    const offsets = new Int32Array(columns);
    for (let i = 0; i < a.count; i++) {
      for (let d = 0; d < columns; d++) {
        const code = a.codes[i * columns + d]!;
        offsets[d] = (d * size + (code === INACTIVE ? inactive : code)) * size;
      }
      for (let j = 0; j < b.count; j++) {
        let sum = 0;
        for (let d = 0; d < columns; d++) {
          const code = b.codes[j * columns + d]!;
          sum += tables[offsets[d]! + (code === INACTIVE ? inactive : code)]!;
        }
        out[i * b.count + j] = sum;
      }
    }
    return out;
  }

  /** The weighted kernel from similarities and the bank's scores. */
  combine(similarities: Float32Array, a: DesignRows, b: DesignRows, weights: KernelWeights): Float64Array {
    const out = new Float64Array(similarities.length);
    const { columns } = this;
    const tasks = a.tasks;
    for (let i = 0; i < a.count; i++) {
      for (let j = 0; j < b.count; j++) {
        const at = i * b.count + j;
        const sum = similarities[at]!;
        let value = (weights.separate * sum) / columns + weights.together * Math.exp((sum - columns) / REACH);
        if (weights.bank > 0 && tasks > 0) {
          let dot = 0;
          for (let t = 0; t < tasks; t++) dot += a.bank[i * tasks + t]! * b.bank[j * tasks + t]!;
          value += (weights.bank * dot) / tasks;
        }
        out[at] = value;
      }
    }
    return out;
  }
}
