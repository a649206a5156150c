/** Small graphs of single operators, for tests of the import's handlers. */
import type { Tensor } from '../../contracts/runtime.ts';
import { Random } from '../../math/random.ts';
import { type AttributeValue, float } from '../../onnx/attributes.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';

const random = new Random(12);
export const draw = (...dims: number[]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random.normal()),
});

export type Build = (g: GraphBuilder, x: string) => string;
export interface Case {
  readonly name: string;
  /** Sizes of the input after its rows. */
  readonly shape: readonly number[];
  readonly build: Build;
  readonly opset?: number;
}

export const weight = (g: GraphBuilder, ...dims: number[]): string => g.constant(draw(...dims), 'w');
export const op =
  (name: string, attributes: Record<string, AttributeValue> = {}, ...more: ((g: GraphBuilder) => string)[]): Build =>
  (g, x) =>
    g.node(name, [x, ...more.map((m) => m(g))], attributes);
export const ints =
  (...values: number[]) =>
  (g: GraphBuilder): string =>
    g.int64(values);
export const number =
  (value: number) =>
  (g: GraphBuilder): string =>
    g.float32(value);
export const param =
  (...dims: number[]) =>
  (g: GraphBuilder): string =>
    weight(g, ...dims);
export const positive: Build = (g, x) => g.node('Add', [g.node('Abs', [x]), g.float32(0.5)]);
export const after =
  (first: Build, then: Build): Build =>
  (g, x) =>
    then(g, first(g, x));

export function mask(g: GraphBuilder, values: number[]): string {
  return g.constant({ type: 'bool', dims: [values.length], data: Uint8Array.from(values) });
}

export function resizes(): Case[] {
  const by =
    (attributes: Record<string, AttributeValue>, scales: number[]): Build =>
    (g, x) =>
      g.node('Resize', [x, '', g.float32(scales)], attributes);
  const to =
    (attributes: Record<string, AttributeValue>, sizes: number[]): Build =>
    (g, x) =>
      g.node(
        'Resize',
        [x, '', '', g.node('Concat', [g.node('Shape', [x], { start: 0, end: 2 }), g.int64(sizes)], { axis: 0 })],
        attributes,
      );
  const shape = [2, 4, 3];
  return [
    {
      name: 'Resize nearest, asymmetric',
      shape,
      build: by({ coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }, [1, 1, 2, 3]),
    },
    { name: 'Resize nearest, half pixels', shape, build: by({}, [1, 1, 1.5, 2]) },
    {
      name: 'Resize nearest, smaller',
      shape,
      build: to({ nearest_mode: 'ceil', coordinate_transformation_mode: 'asymmetric' }, [2, 2]),
    },
    { name: 'Resize linear', shape, build: by({ mode: 'linear' }, [1, 1, 2, 2]) },
    {
      name: 'Resize linear to odd sizes',
      shape,
      build: to({ mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' }, [5, 7]),
    },
    {
      name: 'Resize linear, corners aligned',
      shape,
      build: to({ mode: 'linear', coordinate_transformation_mode: 'align_corners' }, [7, 5]),
    },
    { name: 'Resize cubic', shape, build: to({ mode: 'cubic', cubic_coeff_a: float(-0.5) }, [8, 6]) },
  ];
}

export function decided(g: GraphBuilder, x: string): string {
  const branch = (name: string): GraphBuilder => {
    const b = g.subgraph(name);
    b.output(`${name}_y`, 'float32', null, b.node(name, [x]));
    return b;
  };
  const condition = g.node('Equal', [g.node('Shape', [x], { start: 1, end: 2 }), g.int64([3])]);
  const branches = { then_branch: branch('Tanh').toGraph(), else_branch: branch('Exp').toGraph() };
  return g.node('If', [g.node('Squeeze', [condition])], branches);
}

/** Two places of a constant replaced, then added. */
export function written(g: GraphBuilder, x: string): string {
  const zeros = g.node('ConstantOfShape', [g.node('Shape', [x], { start: 1, end: 2 })]);
  // As a Constant: an initialiser would be a parameter.
  const parts = g.node('Constant', [], { value: { type: 'float32', dims: [2], data: Float32Array.of(5, 7) } });
  return g.node('Add', [x, g.node('ScatterND', [zeros, g.int64([2, 0], [2, 1]), parts])]);
}

/** Scores hidden above the diagonal of a mask that the graph builds itself. */
export function causal(g: GraphBuilder, x: string): string {
  const size = g.node('Shape', [x], { start: 1, end: 3 });
  const ones = g.node('ConstantOfShape', [size], { value: { type: 'int64', dims: [1], data: BigInt64Array.of(1n) } });
  const seen = g.node('Cast', [g.node('Trilu', [ones], { upper: 0 })], { to: 9 });
  return g.node('Softmax', [g.node('Where', [seen, x, g.float32(-1e30)])]);
}
