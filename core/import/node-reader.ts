/** One node of the file as its handler sees it: typed attributes, operands, and refusals that name it. */
import type { Value } from '../ir/network.ts';
import type { Shape, Size } from '../ir/shape.ts';
import type { Node } from '../onnx/model.ts';
import type { Attributes } from '../ops/operator.ts';
import { ImportError } from './import-error.ts';
import { type Activation, dimsOf, type Known, type Operand } from './operand.ts';
import { reshapeWeight } from './parameters.ts';
import type { Scope } from './scope.ts';
import { knownSize } from './size.ts';

export class NodeReader {
  readonly node: Node;
  readonly scope: Scope;

  constructor(node: Node, scope: Scope) {
    this.node = node;
    this.scope = scope;
  }

  refuse(reason: string): never {
    throw new ImportError(reason);
  }

  /** The operator set that the node belongs to. */
  get opset(): number {
    return this.scope.opsets[this.node.domain] ?? 0;
  }

  has(i: number): boolean {
    return (this.node.inputs[i] ?? '') !== '';
  }

  get inputs(): Operand[] {
    return this.node.inputs.map((_, i) => this.operand(i));
  }

  operand(i: number): Operand {
    const name = this.node.inputs[i] ?? '';
    if (name === '') this.refuse(`Input ${i} is missing.`);
    const operand = this.scope.operands.get(name);
    if (!operand) this.refuse(`Input ${i}, ${name}, is computed by nothing before it.`);
    return operand;
  }

  dims(i: number): Shape {
    return dimsOf(this.operand(i));
  }

  rank(i: number): number {
    return this.dims(i).length;
  }

  /** Input `i` as a value, at least of `rank` axes besides the members'. */
  value(i: number, rank = 0): Value {
    return this.scope.value(this.operand(i), rank);
  }

  /** Input `i` as a value in another shape of the file; a weight that only this node reads gets it at import. */
  viewed(i: number, dims: Shape): Value {
    const operand = this.operand(i);
    if (operand.kind !== 'weight' || operand.shared) return this.scope.reshape(this.value(i), dims);
    return this.scope.value(
      reshapeWeight(
        operand,
        dims.map((d) => knownSize(d, 'The size of a weight')),
      ),
    );
  }

  /** Numbers that the file fixes at input `i`. Throws an ImportError where they are computed from data. */
  known(i: number): Known {
    const operand = this.operand(i);
    if (operand.kind !== 'known') this.refuse(`Input ${i}, ${this.node.inputs[i]}, must be fixed in the file.`);
    return operand;
  }

  /** The elements of a fixed input, or null where it is left out. */
  list(i: number): readonly Size[] | null {
    if (!this.has(i)) return null;
    const { data, dims } = this.known(i);
    const count = dims.reduce<number>((a, d) => a * Number(d), 1);
    return data.length === count ? data : new Array<Size>(count).fill(data[0]!);
  }

  /** The same as plain numbers. */
  numbers(i: number): number[] | null {
    const list = this.list(i);
    if (list === null) return null;
    return list.map((v) => (typeof v === 'number' ? v : this.refuse(`Input ${i} depends on the rows.`)));
  }

  int(name: string, otherwise: number): number {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'int' ? Number(attribute.value) : otherwise;
  }

  float(name: string, otherwise: number): number {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'float' ? attribute.value : otherwise;
  }

  text(name: string, otherwise: string): string {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'string' ? attribute.value : otherwise;
  }

  ints(name: string): number[] | null {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'ints' ? Array.from(attribute.value, Number) : null;
  }

  /** Integers that older operator sets have as an attribute and newer ones as input `i`. */
  intsAt(name: string, i: number): number[] | null {
    return this.ints(name) ?? this.numbers(i);
  }

  /** An axis of input `i` counted from the front. */
  axis(axis: number, rank = this.rank(0)): number {
    const front = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(front) || front < 0 || front >= Math.max(rank, 1))
      this.refuse(`There is no axis ${axis} among ${rank}.`);
    return front;
  }

  apply(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.scope.apply(op, inputs, attributes);
  }

  /** A number as a value that broadcasts against anything. */
  scalar(value: number): Value {
    return this.apply('constant', [], { shape: [], values: [value] });
  }
}

/** What a node's outputs stand for, in order; null where the import does not offer that output. */
export type Handler = (node: NodeReader) => readonly (Operand | null)[];

export const activation = (value: Value): Activation => ({ kind: 'value', value });

/** A handler whose node has one output, a value of the network. */
export const single =
  (build: (node: NodeReader) => Value): Handler =>
  (node) => [activation(build(node))];
