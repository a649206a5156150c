import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { choice, type Design, type Space, sampleDesign } from '../spaces/space.ts';
import { coverOf, treeShap } from '../trees/shap.ts';
import { encodingOf } from './encoding.ts';
import { normalScores } from './normal-scores.ts';
import { fitDesignTrees } from './tree-predictor.ts';

const letters = ['a', 'b', 'c'];
const space: Space = {
  name: 'letters',
  version: 1,
  decisions: [
    ...['one', 'two', 'three'].map((name) => choice(name, letters)),
    choice('size', [1, 2, 4], { ordered: true }),
  ],
};
const encoding = encodingOf(space);
const truth = (design: Design) =>
  letters.indexOf(String(design.one)) * 2 + (design.two === design.three ? 3 : 0) + Number(design.size) / 4;
const rowsOf = (designs: readonly Design[]) => ({
  count: designs.length,
  codes: Uint8Array.from(designs.flatMap((design) => [...encoding.encode(design)])),
  bank: new Float32Array(0),
  tasks: 0,
});

describe('trees as a model of designs', () => {
  const random = new Random(2);
  const draw = (count: number) => Array.from({ length: count }, () => sampleDesign(space, random));
  const known = draw(60);

  it('rank designs they have not seen, and disagree where they know little', async () => {
    const model = await fitDesignTrees(encoding, rowsOf(known), known.map(truth), { seed: 1 });
    const fresh = draw(80);
    const { mean, deviation } = model.predict(rowsOf(fresh));
    const [a, b] = [normalScores(mean), normalScores(fresh.map(truth))];
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
    expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toBeGreaterThan(0.85);
    expect(Math.max(...deviation)).toBeGreaterThan(0);
  });

  it('predict the same for the same seed, and say which decisions mattered', async () => {
    const train = () => fitDesignTrees(encoding, rowsOf(known), known.map(truth), { seed: 5, ensembles: 1 });
    const [first, second] = [await train(), await train()];
    expect([...first.predict(rowsOf(known)).mean]).toEqual([...second.predict(rowsOf(known)).mean]);
    const columns = first.columns(rowsOf(known));
    const [ensemble] = first.ensembles;
    const shares = treeShap(ensemble!, columns, 0, coverOf(ensemble!, columns, known.length));
    const total = shares.reduce((sum, share) => sum + share, 0);
    expect(total).toBeCloseTo(first.predict(rowsOf(known)).mean[0]!, 6);
  });
});
