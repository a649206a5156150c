import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { dropPath } from './drop-path.ts';
import { Emitter } from './emitter.ts';

test('whole rows are dropped, the others made up for', async () => {
  const graph = new GraphBuilder();
  const x = { name: graph.input('x', 'float32', [1, 3, 2]), shape: [1, 3, 2] };
  const asked: (readonly number[])[] = [];
  const uniform = (shape: readonly number[]): string => {
    asked.push(shape);
    return graph.float32([0.1, 0.6, 0.25], shape);
  };
  const emitter = new Emitter(graph, { mode: 'training', noise: { uniform, rateScale: null } });
  graph.output('y', 'float32', x.shape, dropPath.emit(emitter, [x], x.shape, { rate: 0.25 }).output);
  const session = await nodeRuntime.createSession(graph.toBytes());
  const out = await session.run({ x: { type: 'float32', dims: [1, 3, 2], data: Float32Array.of(3, 6, 3, 6, 9, 12) } });
  await session.dispose();
  expect(asked).toEqual([[1, 3, 1]]);
  expect(Array.from(out.y!.data, Number)).toEqual([0, 0, 4, 8, 12, 16]);
});
