/** Initialisers on their way to parameters: re-laid where an operator wants it, made a parameter when it is read. */
import type { NetworkBuilder, ParameterOptions, Value } from '../ir/network.ts';
import type { Weight } from './operand.ts';
import { type ImportOptions, isFrozen } from './options.ts';

/** A parameter of the network and the initialiser that it came from. */
export interface ImportedParameter {
  readonly name: string;
  /** The initialiser's name in the file. */
  readonly source: string;
  /** Values in the network's layout, without the member axis. */
  readonly values: Float32Array;
  /** Place in the file's tensor of every value, or null where both layouts are one. */
  readonly order: Int32Array | null;
}

/** The weight seen in another shape of as many elements. */
export const reshapeWeight = (weight: Weight, dims: readonly number[]): Weight => ({ ...weight, dims });

/** The weight with its axes permuted, in memory too. */
export function transposeWeight(weight: Weight, perm: readonly number[]): Weight {
  const dims = perm.map((p) => weight.dims[p]!);
  const strides = weight.dims.map((_, i) => weight.dims.slice(i + 1).reduce((a, b) => a * b, 1));
  const order = new Int32Array(weight.data.length);
  const data = new Float32Array(weight.data.length);
  const position = dims.map(() => 0);
  for (let i = 0; i < order.length; i++) {
    const from = position.reduce((at, p, axis) => at + p * strides[perm[axis]!]!, 0);
    order[i] = weight.order ? weight.order[from]! : from;
    data[i] = weight.data[from]!;
    for (let axis = dims.length - 1; axis >= 0 && ++position[axis]! === dims[axis]; axis--) position[axis] = 0;
  }
  return { ...weight, dims, data, order };
}

/** The parameters made so far; each initialiser becomes one, however often it is read. */
export class ParameterTable {
  readonly list: ImportedParameter[] = [];
  private readonly net: NetworkBuilder;
  private readonly options: ImportOptions;
  private readonly made = new Map<Weight, Value>();
  private readonly names = new Set<string>();

  constructor(net: NetworkBuilder, options: ImportOptions) {
    this.net = net;
    this.options = options;
  }

  /**
   * The parameter of `weight`, [K, ...dims] at its first reading. Biases and scales are not decayed, frozen ones not
   * updated either.
   */
  value(weight: Weight, dims = weight.dims): Value {
    const made = this.made.get(weight);
    if (made) return made;
    const isMatrix = weight.dims.filter((d) => d > 1).length > 1;
    const value = this.add(
      weight.source,
      weight,
      dims,
      isFrozen(weight.source, this.options) ? 0 : 1,
      isMatrix ? 1 : 0,
    );
    this.made.set(weight, value);
    return value;
  }

  /** A parameter called `name` that training leaves alone, such as a statistic. */
  fixed(name: string, weight: Weight, dims: readonly number[]): Value {
    return this.add(name, weight, dims, 0, 0);
  }

  private add(wanted: string, weight: Weight, dims: readonly number[], rate: number, decay: number): Value {
    const name = this.unused(wanted);
    const options: ParameterOptions = { rate, decay: rate === 0 ? 0 : decay };
    const value = this.net.parameter(name, ['K', ...dims], { kind: 'constant', value: 0 }, options);
    // Minus zero would not survive an update by zero bit by bit.
    const values = weight.data.map((v) => v + 0);
    this.list.push({ name, source: weight.source, values, order: weight.order });
    return value;
  }

  private unused(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.names.has(name); i++) name = `${wanted}.${i}`;
    this.names.add(name);
    return name;
  }
}
