import { expect, test } from 'vitest';
import { emitBackward, emitForward } from '../ir/emit.ts';
import { sizes } from '../ir/shape.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from './emitter.ts';
import { movesFast, slowForms } from './slow-forms.ts';
import { buildCase, type OperatorCase, operatorCases } from './testing/cases.ts';
import { seeded } from './testing/gradient-check.ts';

/** The training graph of a case, as a one-thread session with contrib kernels would get it. */
function trainingGraph(c: OperatorCase): GraphBuilder {
  const { network, loss } = seeded((net) => buildCase(net, c));
  const graph = new GraphBuilder();
  const uniform = (shape: readonly number[]): string =>
    graph.float32(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
  const emitter = new Emitter(graph, { mode: 'training', contrib: true, noise: { uniform, rateScale: null } });
  const inputs = Object.entries(network.inputs);
  const given = new Map(
    inputs.map(([name, value]) => [
      value.id,
      graph.input(name, value.type === 'float' ? 'float32' : 'int64', sizes(value.shape)),
    ]),
  );
  const pass = emitForward(emitter, network, given, [loss]);
  const targets = inputs.filter(([, value]) => value.type === 'float').map(([, value]) => value);
  emitBackward(emitter, network, pass, loss, targets).forEach((gradient, i) => {
    graph.output(`d${i}`, 'float32', sizes(targets[i]!.shape), gradient);
  });
  return graph;
}

/** Where no faster form is the same function. */
function isKnown({ op, attributes }: OperatorCase): boolean {
  return op === 'where' || (op === 'focal' && attributes?.gamma === 1.5);
}

test('training graphs hold no form known to be slow, but for a few that have no other', () => {
  const found = operatorCases.flatMap((c) =>
    slowForms(trainingGraph(c).toGraph()).map((line) => ({ case: `${c.op} ${JSON.stringify(c.attributes)}`, line, c })),
  );
  expect(found.filter(({ c }) => !isKnown(c)).map(({ case: name, line }) => `${name}: ${line}`)).toEqual([]);
  expect(new Set(found.map(({ c }) => c.op))).toEqual(new Set(['where', 'focal']));
});

test('the lint looks into subgraphs and at how axes move', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [2]);
  const branch = graph.subgraph('then');
  branch.output('a', 'float32', [2], branch.node('Sign', [x]));
  const other = graph.subgraph('else');
  other.output('b', 'float32', [2], other.node('Abs', [x]));
  const condition = graph.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const branches = { then_branch: branch.toGraph(), else_branch: other.toGraph() };
  graph.output('y', 'float32', [2], graph.node('If', [condition], branches));
  expect(slowForms(graph.toGraph()).map((line) => line.split(':')[0])).toEqual(['Sign']);
  expect(
    [
      [0, 1],
      [1, 0, 2],
      [1, 2, 0],
      [0, 3, 1, 2],
      [2, 1, 0, 3],
    ].map(movesFast),
  ).toEqual([true, true, true, true, true]);
  expect(
    [
      [2, 1, 0],
      [1, 0, 3, 2],
    ].map(movesFast),
  ).toEqual([false, false]);
});
