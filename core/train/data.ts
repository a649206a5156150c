/** How the inputs of a network are filled at each step of a training program. */
import type { Network, Value } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import type { GraphBuilder } from '../onnx/builder.ts';

/**
 * `rows`: float32 or int64 rows of a matrix, as the network input's type says, from a data tensor handed to every call;
 * `classes`: int64 class indices [n] of a data tensor, expanded to rows of 0 and 1 of the input's last size;
 * `whole`: the network input itself, the same at every step, such as a graph;
 * `step`: float32, what the plan holds for this step, such as a mask of rows or of units.
 */
export type DataKind = 'rows' | 'classes' | 'whole' | 'step';

/** Of every input: its kind, and the shape of a row, or of what a step or the whole run reads. */
export type DataInputs = Readonly<Record<string, { readonly kind: DataKind; readonly width: readonly number[] }>>;

/** Declares graph inputs for the inputs of a bound network. `stepAxes` lead those that differ by step, `half` are stored in 16 bits. */
export function declareData(
  graph: GraphBuilder,
  network: Network,
  kinds: Readonly<Record<string, DataKind>>,
  stepAxes: readonly (number | null)[],
  half: readonly string[] = [],
): DataInputs {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const value = network.inputs[name];
      if (!value) throw new RangeError(`The network has no input called ${name}.`);
      const shape = sizes(value.shape);
      const width = kind === 'classes' ? [] : kind === 'rows' ? shape.slice(2) : shape;
      const type = kind === 'classes' || value.type === 'int64' ? 'int64' : 'float32';
      if (kind === 'step' && type !== 'float32') throw new RangeError(`What a step brings for ${name} must be floats.`);
      const lead = kind === 'whole' ? [] : kind === 'step' ? stepAxes : [null];
      const isHalf = half.includes(name);
      if (isHalf && (kind !== 'rows' || type !== 'float32')) {
        throw new RangeError(`Only rows of floats can be stored in 16 bits, not ${name}.`);
      }
      graph.input(name, isHalf ? 'float16' : type, [...lead, ...width]);
      return [name, { kind, width }];
    }),
  );
}

/** The network input `value` called `name` at one step. `rows` is [K, N]; `at` gives a table's entry for the step. */
export function takeData(
  graph: GraphBuilder,
  body: GraphBuilder,
  value: Value,
  name: string,
  kind: DataKind,
  rows: string,
  at: (table: string) => string,
  isHalf: boolean,
): string {
  if (kind === 'whole') return name;
  if (kind === 'step') return at(name);
  const taken = body.node('Gather', [name, rows], { axis: 0 });
  if (kind === 'rows') return isHalf ? body.node('Cast', [taken], { to: FLOAT32 }) : taken;
  const classes = sizes(value.shape)[2]!;
  return body.node('Gather', [graph.float32(identity(classes), [classes, classes]), taken], { axis: 0 });
}

/** ONNX's number of the type. */
const FLOAT32 = 1;

function identity(size: number): Float32Array {
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return values;
}
