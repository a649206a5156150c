/** The typed network description (IR): what a design builds, before it becomes a training or an inference graph. */
import type { Attributes, ValueType } from '../ops/operator.ts';
import { operatorNamed } from '../ops/registry.ts';
import { bindShape, countOf, type Shape, ShapeError, sizes } from './shape.ts';

/** How a parameter starts; every member draws from its own stream, one number for `each` so many in a row. */
export type Init =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number; readonly each?: number }
  /** 1 or -1. */
  | { readonly kind: 'signs'; readonly each?: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number };

export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly type: ValueType;
}

export interface Parameter {
  readonly name: string;
  readonly value: Value;
  readonly init: Init;
  /** Multiplies the learning rate. */
  readonly rate: number;
  /** Multiplies the weight decay; 0 for biases. */
  readonly decay: number;
}

export interface Application {
  readonly op: string;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly attributes: Attributes;
}

export interface Network {
  readonly values: readonly Value[];
  readonly inputs: Readonly<Record<string, Value>>;
  readonly parameters: readonly Parameter[];
  /** In an order in which every application follows what it reads. */
  readonly applications: readonly Application[];
  readonly outputs: Readonly<Record<string, Value>>;
}

export interface ParameterOptions {
  readonly rate?: number;
  readonly decay?: number;
}

/**
 * Builds a network value by value; shapes and types are checked as it grows. By convention the first axis of every
 * parameter is `K`, the members trained side by side, and of every activation `K` or 1.
 */
export class NetworkBuilder {
  private readonly values: Value[] = [];
  private readonly inputs: Record<string, Value> = {};
  private readonly parameters: Parameter[] = [];
  private readonly applications: Application[] = [];
  private readonly outputs: Record<string, Value> = {};

  private value(shape: Shape, type: ValueType): Value {
    const value = { id: this.values.length, shape, type };
    this.values.push(value);
    return value;
  }

  input(name: string, shape: Shape, type: ValueType = 'float'): Value {
    if (this.inputs[name]) throw new ShapeError(`There are two inputs called ${name}.`);
    const value = this.value(shape, type);
    this.inputs[name] = value;
    return value;
  }

  parameter(name: string, shape: Shape, init: Init, { rate = 1, decay = 1 }: ParameterOptions = {}): Value {
    if (this.parameters.some((p) => p.name === name)) throw new ShapeError(`There are two parameters called ${name}.`);
    const value = this.value(shape, 'float');
    this.parameters.push({ name, value, init, rate, decay });
    return value;
  }

  /** Applies the operator called `op`. Throws a ShapeError when shapes or types do not fit. */
  apply(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const operator = operatorNamed(op);
    inputs.forEach((input, i) => {
      const wanted = operator.inputTypes?.[i] ?? 'float';
      if (input.type !== wanted) throw new ShapeError(`Input ${i} of ${op} must be ${wanted}, not ${input.type}.`);
    });
    const shape = operator.shape(
      inputs.map((v) => v.shape),
      attributes,
    );
    const output = this.value(shape, operator.outputType ?? 'float');
    this.applications.push({ op, inputs: inputs.map((v) => v.id), output: output.id, attributes });
    return output;
  }

  output(name: string, value: Value): void {
    this.outputs[name] = value;
  }

  build(): Network {
    const { values, inputs, parameters, applications, outputs } = this;
    return { values: [...values], inputs, parameters: [...parameters], applications: [...applications], outputs };
  }
}

/** The network with named sizes bound in the shape of every value. */
export function bindNetwork(network: Network, binding: Readonly<Record<string, number>>): Network {
  const values = network.values.map((v) => ({ ...v, shape: bindShape(v.shape, binding) }));
  const at = (v: Value): Value => values[v.id]!;
  const record = (r: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(r).map(([k, v]) => [k, at(v)]));
  return {
    values,
    inputs: record(network.inputs),
    outputs: record(network.outputs),
    parameters: network.parameters.map((p) => ({ ...p, value: at(p.value) })),
    applications: network.applications,
  };
}

export interface NetworkCost {
  readonly macs: number;
  /** Trainable numbers, of all members. */
  readonly parameters: number;
  readonly activationBytes: number;
}

/** Forward cost at bound sizes. Throws a ShapeError while a size is still a name. */
export function networkCost(network: Network, binding: Readonly<Record<string, number>>): NetworkCost {
  const bound = bindNetwork(network, binding);
  let macs = 0;
  let activationBytes = 0;
  for (const { op, inputs, output, attributes } of bound.applications) {
    const shapes = inputs.map((id) => sizes(bound.values[id]!.shape));
    const cost = operatorNamed(op).cost(shapes, sizes(bound.values[output]!.shape), attributes);
    macs += cost.macs;
    activationBytes += cost.activationBytes;
  }
  const parameters = bound.parameters.reduce((sum, p) => sum + countOf(p.value.shape), 0);
  return { macs, parameters, activationBytes };
}
