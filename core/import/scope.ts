/** The state of an import: what every name of the file stands for, and the network built so far. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import type { Shape, Size } from '../ir/shape.ts';
import type { Attributes } from '../ops/operator.ts';
import { ImportError } from './import-error.ts';
import { dimsOf, type Known, type Operand } from './operand.ts';
import type { ImportOptions } from './options.ts';
import { ParameterTable } from './parameters.ts';
import { productOf } from './size.ts';

/** Most elements of a value for each row. */
const MOST_ELEMENTS = 2 ** 31;

const LARGEST = 3.4028234663852886e38;

export class Scope {
  readonly net: NetworkBuilder;
  readonly options: ImportOptions;
  readonly parameters: ParameterTable;
  /** Operator set version of a domain. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly operands = new Map<string, Operand>();
  /** Rows that the file was made with, where it fixes them and they were opened. */
  fixedRows: number | null = null;
  private readonly uses: ReadonlyMap<string, number>;
  /** A value that has each open size as an axis: where repetition reads it from. */
  private readonly sized = new Map<string, Value>();

  constructor(
    net: NetworkBuilder,
    options: ImportOptions,
    opsets: Readonly<Record<string, number>>,
    uses: ReadonlyMap<string, number>,
  ) {
    this.net = net;
    this.options = options;
    this.opsets = opsets;
    this.uses = uses;
    this.parameters = new ParameterTable(net, options);
  }

  isShared(name: string): boolean {
    return (this.uses.get(name) ?? 0) > 1;
  }

  apply(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.remember(this.net.apply(op, inputs, attributes));
  }

  remember(value: Value): Value {
    const count = value.shape.reduce<number>((a, d) => a * (typeof d === 'number' ? d : 1), 1);
    if (!(count >= 1 && count <= MOST_ELEMENTS)) {
      throw new ImportError(`A value of shape [${value.shape.join(', ')}] is empty or too large.`);
    }
    if (value.type === 'float') {
      for (const size of value.shape) {
        if (typeof size === 'string' && size !== 'K' && !this.sized.has(size)) this.sized.set(size, value);
      }
    }
    return value;
  }

  /** A value that has `size` as an axis. Throws an ImportError where none has. */
  valueSized(size: Size): Value {
    const value = this.sized.get(String(size));
    if (!value) throw new ImportError(`No value has an axis of ${size}.`);
    return value;
  }

  /** `x` in the shape `dims` of the file. */
  reshape(x: Value, dims: Shape): Value {
    const shape = [x.shape[0]!, ...dims];
    if (shape.length === x.shape.length && shape.every((d, i) => d === x.shape[i])) return x;
    return this.apply('reshape', [x], { shape });
  }

  /** `x` with axes of the file permuted. */
  transpose(x: Value, perm: readonly number[]): Value {
    if (perm.every((p, i) => p === i)) return x;
    return this.apply('transpose', [x], { perm: [0, ...perm.map((p) => p + 1)] });
  }

  /** `x` repeated up to `dims` of the file, and over members where `members` is K. */
  expand(x: Value, dims: Shape, members: Size = x.shape[0]!): Value {
    const shape = [members, ...dims];
    if (shape.length === x.shape.length && shape.every((d, i) => d === x.shape[i])) return x;
    const open = shape.find((d) => typeof d === 'string' && d !== 'K');
    return this.apply('expand', open === undefined ? [x] : [x, this.valueSized(open)], { shape });
  }

  /**
   * The operand as a value of the network, with axes of size 1 after the member axis where the file's rank is less than
   * `rank`. Throws an ImportError for indices.
   */
  value(operand: Operand, rank = 0): Value {
    if (operand.kind === 'index') throw new ImportError('Whole numbers that are an input can only be used as indices.');
    const dims = dimsOf(operand);
    const padded = [...new Array<Size>(Math.max(0, rank - dims.length)).fill(1), ...dims];
    if (operand.kind === 'value') return this.reshape(operand.value, padded);
    if (operand.kind === 'weight') return this.reshape(this.parameters.value(operand, padded as number[]), padded);
    return this.constant(operand, padded);
  }

  /** Numbers of the file as a value [1, ...dims]. */
  private constant({ data }: Known, dims: Shape): Value {
    const values = data.map((v) => {
      if (typeof v === 'string' || Number.isNaN(v)) throw new ImportError(`${v} is no number to compute with.`);
      return Math.min(Math.max(v, -LARGEST), LARGEST);
    });
    const open = productOf(dims);
    if (typeof open === 'number') return this.apply('constant', [], { shape: [1, ...dims] as number[], values });
    if (values.length !== 1) throw new ImportError(`Numbers of shape [${dims.join(', ')}] depend on the rows.`);
    const one = this.apply('constant', [], { shape: dims.map(() => 1).concat(1), values });
    return this.expand(one, dims);
  }

  /** `x` with the member axis K, repeated where all members share it. */
  perMember(x: Value): Value {
    return this.expand(x, x.shape.slice(1), 'K');
  }
}
