import { describe, expect, test } from 'vitest';
import { caseNames, type Expectation, readCase } from '#tests/golden/onnx/corpus.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { exportNetwork } from './export-network.ts';
import { importNetwork } from './import-network.ts';
import { gradientsOf } from './testing/gradients.ts';

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

/**
 * Relative L2 error of every gradient. Those that are zero but for rounding, such as a bias before a normalisation, are
 * measured against a hundredth of all gradients together.
 */
function errorsOf(
  actual: ReadonlyMap<string, Float32Array>,
  wanted: ReadonlyMap<string, Float32Array>,
): Map<string, number> {
  const least = 1e-2 * norm([...wanted.values()].map(norm));
  return new Map(
    [...wanted].map(([source, g]) => {
      const found = actual.get(source) ?? new Float32Array(0);
      const difference = found.length === g.length ? norm(g.map((v, i) => v - found[i]!)) : Number.NaN;
      return [source, difference / Math.max(norm(g), least)];
    }),
  );
}

function largest(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length);
  return Array.from(wanted).reduce((worst, w, i) => Math.max(worst, Math.abs(actual[i]! - w)), 0);
}

describe.each(caseNames)('%s', (name) => {
  const golden = readCase(name);

  test('computes what the exporting tool computes, also when exported again', async () => {
    const { network, parameters } = importNetwork(golden.model, { normalisation: 'frozen', openRows: golden.openRows });
    const values = new Map(parameters.map((p) => [p.name, p.values]));
    const session = await nodeRuntime.createSession(exportNetwork(network, values, ['y']).toBytes());
    const { y } = await session.run(golden.inputs);
    await session.dispose();
    expect(largest(y!.data as Float32Array, golden.eval.output)).toBeLessThan(1e-5);
  });

  const modes: [string, 'frozen' | 'batch', Expectation][] = [['inference', 'frozen', golden.eval]];
  if (golden.train) modes.push(['training', 'batch', golden.train]);
  test.each(modes)('has the gradients of the exporting tool in %s', async (_mode, normalisation, wanted) => {
    const imported = importNetwork(golden.model, { normalisation, openRows: golden.openRows });
    const { output, gradients } = await gradientsOf(nodeRuntime, imported, golden.inputs, golden.seed);
    expect(largest(output, wanted.output)).toBeLessThan(2e-5);
    const errors = errorsOf(gradients, new Map([...wanted.gradients, ...wanted.inputGradients]));
    expect([...errors].filter(([, e]) => !(e < 1e-4))).toEqual([]);
  });
});
