/** The second trainer on native kernels, where `infra/tfjs/build-native.ts` has built them. */
import { describe, expect, test } from 'vitest';
import { operatorCases } from '#core/ops/testing/cases.ts';
import { gradientsOf } from '#core/ops/testing/gradient-check.ts';
import { caseName, prepareCase } from '#core/ops/testing/prepared-case.ts';
import { relativeError } from '#core/ops/testing/relative-error.ts';
import { programEngine } from '#core/train/engine.ts';
import { trainerContract } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import { loadTf } from './load.ts';
import { tfGradientsOf } from './testing/gradients.ts';
import { tfjsEngine } from './trainer.ts';

const loaded = await loadTf('node').catch(() => null);

if (loaded === null) test.skip('tfjs-node is not installed here: see infra/tfjs', () => undefined);
else {
  trainerContract(tfjsEngine(loaded), programEngine(nodeRuntime));

  describe('gradients by native kernels agree with those of our graphs', () => {
    test.each(operatorCases.map((c) => [caseName(c), c] as const))('%s', async (_name, c) => {
      const { network, loss, feeds } = prepareCase(c);
      const ours = await gradientsOf(nodeRuntime, network, loss, feeds, { contrib: true });
      expect(relativeError(tfGradientsOf(loaded.tf, network, loss, feeds), ours)).toBeLessThan(1e-4);
    });
  });
}
