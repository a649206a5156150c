/** Loads both runtimes by running the smallest graph there is: WebAssembly takes most of a second the first time. */
import { GraphBuilder } from '#core/onnx/builder.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import { webRuntime } from '../runtime/onnxruntime-web.ts';

export async function warmUpRuntimes(): Promise<void> {
  const graph = new GraphBuilder('warm-up');
  graph.output('y', 'float32', ['N'], graph.node('Neg', [graph.input('x', 'float32', ['N'])]));
  const bytes = graph.toBytes();
  for (const runtime of [nodeRuntime, webRuntime]) {
    const session = await runtime.createSession(bytes);
    await session.run({ x: { type: 'float32', dims: [1], data: Float32Array.of(1) } });
    await session.dispose();
  }
}
