import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { checkLayerExport, checkLayerGradients, layerCost } from './testing/check-layer.ts';
import { graphCases } from './testing/graph-cases.ts';
import { imageCases } from './testing/image-cases.ts';
import { maskedCases } from './testing/masked-cases.ts';
import { similarityCases } from './testing/similarity-cases.ts';
import { tableCases } from './testing/table-cases.ts';
import { tokenCases } from './testing/token-cases.ts';

const cases = { ...imageCases, ...graphCases, ...tableCases, ...tokenCases, ...similarityCases, ...maskedCases };

test.each(Object.entries(cases))('%s: gradients, exported form and cost', async (_name, layer) => {
  const { differenceError, float32Error } = await checkLayerGradients(nodeRuntime, layer);
  expect(differenceError).toBeLessThan(1e-5);
  expect(float32Error).toBeLessThan(1e-3);
  expect(await checkLayerExport([nodeRuntime, webRuntime], layer)).toBeLessThan(1e-5);
  const { macs, activationBytes } = layerCost(layer);
  expect(macs).toBeGreaterThanOrEqual(0);
  expect(activationBytes).toBeGreaterThan(0);
});
