import { type Shape, ShapeError, type Size, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, GradientCall, Operator } from './operator.ts';
import { knownRows, reduceRows, rowsBelow } from './scatter.ts';
import { product } from './window.ts';

type Inputs = readonly [Emitted, Emitted, Emitted, Emitted?];

/** Nodes of all members lie below each other: K · V rows. */
interface Table {
  readonly members: number;
  readonly nodes: number;
  readonly width: number;
}

function tableOf(shape: Shape): Table {
  const [members, nodes, width] = sizes(shape) as [number, number, number];
  return { members, nodes, width };
}

/** One end of every edge: rows of the table, [K or 1, E]. */
const endsOf = (e: Emitter, ends: Emitted, { members, nodes }: Table): string => rowsBelow(e, ends, members, nodes);

const readRows = (e: Emitter, x: string, rows: string, { members, nodes, width }: Table): string =>
  e.op('Gather', [e.reshape(x, [members * nodes, width]), rows], { axis: 0 });

/** What goes along the edges: rows of `x` at one end, times the weights, added up at the other: [K, V, F]. */
function send(e: Emitter, x: string, table: Table, from: Emitted, to: Emitted, weights: Emitted | undefined): string {
  const { members, nodes, width } = table;
  const read = readRows(e, x, endsOf(e, from, table), table);
  const sent = weights ? e.mul(read, weights.name) : read;
  const edges: Size = product([members, to.shape[1]!]);
  const index = { column: e.reshape(endsOf(e, to, table), [edges, 1]), known: knownRows(e, to, members, nodes) };
  const sum = reduceRows(e, 'add', index, e.reshape(sent, [edges, width]), [members * nodes, width]);
  return e.reshape(sum, [members, nodes, width]);
}

/** The edges, of all members, whose target's gradient is not known to be 0, and their ends; null where that helps nothing. */
function liveEdges(e: Emitter, { inputs, live }: Pick<GradientCall<unknown>, 'inputs' | 'live'>) {
  const [x, sources, targets] = inputs as Inputs;
  const { members, nodes } = tableOf(x.shape);
  const [from, to] = [sources, targets].map((ends) => knownRows(e, ends, members, nodes));
  if (live === null || !from || !to) return null;
  const rows = new Set(live);
  const edges = Array.from(to.keys()).filter((edge) => rows.has(to[edge]! % nodes));
  if (edges.length === 0 || edges.length === to.length) return null;
  return { edges, sources: edges.map((edge) => from[edge]!), targets: edges.map((edge) => to[edge]!) };
}

/** The gradient of x where the gradients of most targets are 0: only edges to the others send it back. */
function sendLive(e: Emitter, call: GradientCall<unknown>, edges: NonNullable<ReturnType<typeof liveEdges>>): string {
  const [x, , targets, weights] = call.inputs as Inputs;
  const table = tableOf(x.shape);
  const count = edges.edges.length;
  const read = readRows(e, call.gradient, e.graph.int64(edges.targets), table);
  const weightsOf = (w: Emitted): string => {
    const [lead, all] = sizes(w.shape) as [number, number];
    const perEdge = sizes(targets.shape)[1]!;
    const rows = edges.edges.map((edge) => (lead === 1 ? edge % perEdge : edge));
    return e.op('Gather', [e.reshape(w.name, [lead * all, 1]), e.graph.int64(rows)], { axis: 0 });
  };
  const sent = weights ? e.mul(read, weightsOf(weights)) : read;
  const index = { column: e.graph.int64(edges.sources, [count, 1]), known: edges.sources };
  return e.reshape(reduceRows(e, 'add', index, sent, [table.members * table.nodes, table.width]), x.shape);
}

/**
 * Messages along edges: for nodes x [K, V, F], sources and targets int64 [K or 1, E], and weights [K or 1, E, 1] or none,
 * the sum at every target of the weighted rows of its sources, [K, V, F]. With edges known when the graph is built, the
 * gradient goes back along those only that it can come from.
 */
export const propagate: Operator<Record<string, never>> = {
  name: 'propagate',
  inputTypes: ['float', 'int64', 'int64'],
  shape: ([x, sources, targets, weights]) => {
    const fits =
      x!.length === 3 &&
      [x![1], x![2]].every((d) => typeof d === 'number') &&
      [sources!, targets!].every((s) => s.length === 2 && (s[0] === 1 || s[0] === x![0]) && s[1] === sources![1]) &&
      (!weights ||
        (weights.length === 3 &&
          (weights[0] === 1 || weights[0] === x![0]) &&
          weights[1] === sources![1] &&
          weights[2] === 1));
    if (!fits) {
      const shapes = [x!, sources!, targets!, ...(weights ? [weights] : [])].map(showShape).join(', ');
      throw new ShapeError(`${shapes} are no nodes with the ends and weights of edges.`);
    }
    return x!;
  },
  cost: ([x, sources]) => {
    const { members, width } = tableOf(x!);
    return { macs: members * sources![1]! * width, activationBytes: 4 * members * x![1]! * width };
  },
  emit: (e, inputs) => {
    const [x, sources, targets, weights] = inputs as Inputs;
    return { output: send(e, x.name, tableOf(x.shape), sources, targets, weights) };
  },
  gradient: (e, call) => {
    const [x, sources, targets, weights] = call.inputs as Inputs;
    const table = tableOf(x.shape);
    const back = (): string => {
      const edges = liveEdges(e, call);
      return edges ? sendLive(e, call, edges) : send(e, call.gradient, table, targets, sources, weights);
    };
    const ofWeights = (w: Emitted): string => {
      const [read, arrived] = [
        readRows(e, x.name, endsOf(e, sources, table), table),
        readRows(e, call.gradient, endsOf(e, targets, table), table),
      ];
      return e.sumTo(e.mul(read, arrived), [table.members, w.shape[1]!, table.width], w.shape);
    };
    const wanted = [call.needed[0] ? back() : null, null, null];
    return weights ? [...wanted, call.needed[3] ? ofWeights(weights) : null] : wanted;
  },
  live: (e, call) => {
    const edges = liveEdges(e, call);
    const { nodes } = tableOf(call.inputs[0]!.shape);
    const reached = edges && [...new Set(edges.sources.map((row) => row % nodes))].sort((a, b) => a - b);
    return [reached];
  },
};
