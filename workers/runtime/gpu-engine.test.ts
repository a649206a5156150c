import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '#core/ir/network.ts';
import type { NetworkTrainer, TrainingEngine, TrainingSpec } from '#core/train/engine.ts';
import { fasterOf, speedOf, stepMs } from './gpu-engine.ts';
import { askForWebGpu } from './testing/ask-for-webgpu.ts';

describe('WebGPU in Node', () => {
  test.skipIf(process.platform !== 'linux')(
    'is refused where there is no driver, and `auto` takes the CPU',
    async () => {
      const found = await askForWebGpu({ VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' });
      expect(found.refused).toMatch(/adapter/i);
      expect(found.automatic).toMatch(/^onnxruntime-node [\d.]+ cpu$/);
    },
  );
});

describe('the choice between a GPU and the CPU', () => {
  const run = (macs: number, ms: number) => ({ parameters: new Float32Array(0), stepMs: ms, macs });
  const cpu = speedOf(run(1e6, 0.2), run(1e9, 20));
  const gpu = speedOf(run(1e6, 2), run(1e9, 2.5));

  test('goes by an overhead and a rate', () => {
    expect(stepMs(cpu, 1e9)).toBeCloseTo(20, 6);
    expect(stepMs(gpu, 1e6)).toBeCloseTo(2, 6);
    expect(stepMs(gpu, 1e9)).toBeLessThan(stepMs(cpu, 1e9));
  });

  const named = (name: string): TrainingEngine => ({ name, create: async () => ({ name }) as NetworkTrainer });
  const either = fasterOf({ engine: named('gpu'), gpu, cpu }, named('cpu'));
  const chosen = async (width: number) => {
    const net = new NetworkBuilder();
    const w = net.parameter('w', ['K', width, width], { kind: 'constant', value: 0 });
    net.output('loss', net.apply('matmul', [net.input('x', ['K', 'N', width]), w]));
    const spec = { network: net.build(), members: 1, batch: 128 } as unknown as TrainingSpec;
    return (await either.create(spec, {}, { beta1: 0, beta2: 0, epsilon: 0, seed: 0 })).name;
  };

  test('leaves small networks on the CPU', async () => {
    expect(await chosen(16)).toBe('cpu');
    expect(await chosen(4096)).toBe('gpu');
  });
});
