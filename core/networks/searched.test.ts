/** Every design of the image spaces is a network; a sample of them is run in both runtimes. */
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { exportNetwork } from '../import/export-network.ts';
import { type Network, networkCost } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { cell201Function, cell201Space } from '../spaces/cell-201.ts';
import { enumerateDesigns } from '../spaces/enumerate.ts';
import { macroSpace } from '../spaces/macro.ts';
import { checkDesign, countDesigns, sampleDesign } from '../spaces/space.ts';
import { drawParameters } from '../train/state.ts';
import { searched } from './testing/searched.ts';

const DRAWS = 10_000;
const RUN = 25;
const ROWS = 2;

async function predictions(network: Network, runtime: typeof nodeRuntime, values: Float32Array): Promise<Float32Array> {
  const bytes = exportNetwork(network, drawParameters(network, 7), ['prediction']).toBytes();
  const session = await runtime.createSession(bytes);
  const { prediction } = await session.run({ x: { type: 'float32', dims: [ROWS, 3, 8, 8], data: values } });
  await session.dispose();
  return prediction!.data as Float32Array;
}

describe.each(Object.entries(searched))('%s', (_name, { space, build }) => {
  test('draws are valid and build', () => {
    const random = new Random(1);
    for (let i = 0; i < DRAWS; i++) {
      const design = sampleDesign(space, random);
      expect(checkDesign(space, design)).toEqual([]);
      // Building is what takes the time, and differs little between draws.
      if (i % 20 === 0) expect(networkCost(build(design), { K: 1, N: 1 }).macs).toBeGreaterThan(0);
    }
  });

  test('both runtimes say the same', async () => {
    const random = new Random(2);
    for (let i = 0; i < RUN; i++) {
      const network = build(sampleDesign(space, random));
      const values = Float32Array.from({ length: ROWS * 3 * 8 * 8 }, () => random.normal());
      const [node, web] = [
        await predictions(network, nodeRuntime, values),
        await predictions(network, webRuntime, values),
      ];
      node.forEach((v, j) => {
        expect(Math.abs(v - web[j]!)).toBeLessThan(1e-4);
      });
      expect(node.slice(0, 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
  });
});

test('cells that compute the same have one text', () => {
  expect(countDesigns(cell201Space)).toBe(15_625);
  expect(countDesigns(macroSpace(8))).toBe(6561);
  const cell = (text: string) =>
    Object.fromEntries(cell201Space.decisions.map(({ name }, i) => [name, text.split(' ')[i]!]));
  // A convolution of the input, by way of node 1, of node 2, or at once.
  const same = ['conv3 none none none skip none', 'none conv3 none none none skip', 'none none none conv3 none none'];
  expect(new Set(same.map((text) => cell201Function(cell(text)))).size).toBe(1);
  expect(cell201Function(cell('conv3 none none none conv1 none'))).toBe('conv1(conv3(x))');
  expect(cell201Function(cell('skip none none skip skip none'))).toBe('x+x');
  expect(cell201Function(cell('conv3 conv3 conv3 none none none'))).toBeNull();
  const texts = new Set([...enumerateDesigns(cell201Space, 20_000)].map(cell201Function));
  // Ours: dead edges gone, skips taken out, sums flat. Other rules count 6,466 or 5,819.
  expect(texts.size).toBe(4930);
});
