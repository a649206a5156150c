/** What a shape rule sees of its node, and how it says that something does not fit. */
import type { ElementType, Node } from '../model.ts';
import { type Inferred, showInferred, UNKNOWN } from './inferred.ts';

/** One thing that is wrong with a model. */
export interface Problem {
  /** The node's name, or its first output where it has none; empty for the graph itself. */
  readonly node: string;
  readonly op: string;
  /** Which input, output or attribute; empty where it is the node as a whole. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

/** Ends a rule whose problem is told. */
export class RuleStopped extends Error {}

export class RuleNode {
  readonly node: Node;
  /** Operator set version of the node's domain. */
  readonly opset: number;
  private readonly values: (name: string) => Inferred;
  private readonly report: (problem: Problem) => void;
  /** What a subgraph computes, given its inputs. */
  readonly subgraph: (attribute: string, inputs: readonly Inferred[]) => Inferred[];

  constructor(
    node: Node,
    opset: number,
    values: (name: string) => Inferred,
    report: (problem: Problem) => void,
    subgraph: (attribute: string, inputs: readonly Inferred[]) => Inferred[],
  ) {
    this.node = node;
    this.opset = opset;
    this.values = values;
    this.report = report;
    this.subgraph = subgraph;
  }

  has(i: number): boolean {
    return (this.node.inputs[i] ?? '') !== '';
  }

  input(i: number): Inferred {
    return this.has(i) ? this.values(this.node.inputs[i]!) : UNKNOWN;
  }

  get inputs(): Inferred[] {
    return this.node.inputs.map((_, i) => this.input(i));
  }

  int(name: string, otherwise: number): number {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'int' ? Number(attribute.value) : otherwise;
  }

  ints(name: string): number[] | null {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'ints' ? Array.from(attribute.value, Number) : null;
  }

  text(name: string, otherwise: string): string {
    const attribute = this.node.attributes[name];
    return attribute?.kind === 'string' ? attribute.value : otherwise;
  }

  /** Whole numbers from an attribute or, in newer operator sets, from input `i`; null where they are not known. */
  list(name: string, i: number): number[] | null {
    const given = this.ints(name);
    if (given) return given;
    const elements = this.has(i) ? this.input(i).elements : undefined;
    return elements?.every((e): e is number => typeof e === 'number') ? [...elements] : null;
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number, place = 'attribute axis'): number {
    const front = axis < 0 ? axis + rank : axis;
    if (front < 0 || front >= rank) this.fail(place, `an axis of ${rank}`, String(axis));
    return front;
  }

  /** Says what is wrong and ends the rule. */
  fail(place: string, expected: string, found: string): never {
    const { node } = this;
    this.report({ node: node.name || node.outputs[0] || '', op: node.op, place, expected, found });
    throw new RuleStopped();
  }

  /** Says that input `i` is not what it should be, and ends the rule. */
  failInput(i: number, expected: string): never {
    return this.fail(`input ${i}, ${this.node.inputs[i]},`, expected, showInferred(this.input(i)));
  }

  /** Input `i`, whose rank must be `rank` where it is known. */
  ranked(i: number, rank: number, meaning: string): Inferred {
    const value = this.input(i);
    if (value.dims && value.dims.length !== rank) this.failInput(i, `${meaning} of rank ${rank}`);
    return value;
  }

  /** Checks that input `i` has one of `types`, where it is known. */
  typed(i: number, types: readonly ElementType[], meaning: string): void {
    const { type } = this.input(i);
    if (this.has(i) && type !== null && !types.includes(type)) this.failInput(i, `${meaning} of ${types.join(' or ')}`);
  }
}

/** What the outputs of a node are, from what its inputs are. */
export type Rule = (node: RuleNode) => readonly Inferred[];

/** A rule and how many inputs and outputs its operator takes. */
export interface Schema {
  readonly inputs: readonly [number, number];
  readonly outputs: readonly [number, number];
  readonly rule: Rule;
}

export const schema = (
  rule: Rule,
  inputs: number | readonly [number, number] = 1,
  outputs: number | readonly [number, number] = 1,
): Schema => ({
  rule,
  inputs: typeof inputs === 'number' ? [inputs, inputs] : inputs,
  outputs: typeof outputs === 'number' ? [outputs, outputs] : outputs,
});

/** No upper limit on the number of inputs or outputs. */
export const MANY = Number.POSITIVE_INFINITY;
