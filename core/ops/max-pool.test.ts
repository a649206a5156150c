import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { emitBackward, emitForward } from '../ir/emit.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from './emitter.ts';

test('tied maxima share the gradient of their window', async () => {
  const net = new NetworkBuilder();
  const x = net.input('x', [1, 1, 1, 2, 5]);
  const y = net.apply('max-pool', [x], { kernel: [2, 2] });
  const network = net.build();
  const graph = new GraphBuilder();
  const emitter = new Emitter(graph, { mode: 'training' });
  const pass = emitForward(emitter, network, new Map([[x.id, graph.input('x', 'float32', [1, 1, 1, 2, 5])]]), [y]);
  graph.output('dx', 'float32', [1, 1, 1, 2, 5], emitBackward(emitter, network, pass, y, [x])[0]!);
  const session = await nodeRuntime.createSession(graph.toBytes());
  const data = Float32Array.of(3, 3, 1, 0, 9, 3, 3, 0, 1, 9);
  const out = await session.run({ x: { type: 'float32', dims: [1, 1, 1, 2, 5], data } });
  await session.dispose();
  // A constant window, a window with its maximum twice, and a column that no window reaches.
  expect(Array.from(out.dx!.data, Number)).toEqual([0.25, 0.25, 0.5, 0, 0, 0.25, 0.25, 0, 0.5, 0]);
});
