import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { FoldModel, Learner } from '../contracts/learner.ts';
import { fitPreparation, prepare } from '../prep/preparation.ts';
import { sampleColumns, sampleTable } from '../prep/sample-table.ts';
import { stringColumn } from '../prep/table.ts';
import { planFolds } from '../tasks/folds.ts';
import { strataOf } from '../tasks/strata.ts';
import { fitTarget } from '../tasks/target.ts';
import { type Bag, type Design, trainBag } from './bag.ts';
import { packBag } from './packed-bag.ts';
import { readReceivedBag, repredict } from './received-bag.ts';
import { learnerNamed } from './registry.ts';

const { table, score } = sampleTable(200, 5);
const features = prepare(fitPreparation(table, sampleColumns), table);
const labels = Array.from(score, (s) => (s > 1 ? 'high' : 'low'));
const { plan, values } = fitTarget(stringColumn('y', labels), 'classification');
const folds = planFolds({ rows: 200, kind: 'random', strata: strataOf(plan, values), budgetSeconds: 60, seed: 0 });
const task = { features, target: plan, values, folds };
const breathe = () => Promise.resolve();

const designs: Readonly<Record<string, Design>> = {
  linear: { learner: 'linear', mergeBy: 2 },
  boosting: { learner: 'boosting', rounds: 10, leaves: 4, mergeBy: 4 },
  forest: { learner: 'forest', trees: 5, maxLeaves: 8, mergeBy: 4 },
  /** Overfits, each fold at an epoch of its own. */
  overfit: { learner: 'mlp', width: 32, layers: 2, epochs: 40, dropout: 0, numericEmbedding: 'none', mergeBy: 4 },
  mlp: { learner: 'mlp', width: 8, layers: 1, epochs: 3, numericEmbedding: 'none', mergeBy: 4 },
};

const learnerOf = (name: string): Learner => learnerNamed(String(designs[name]!.learner));

function train(name: string, runtime = nodeRuntime): Promise<Bag> {
  const context = {
    runtime,
    seed: 3,
    secondsLeft: () => 1e6,
    cancelled: () => false,
    breathe,
    metric: 'log_loss',
    judgedElsewhere: true,
  };
  return trainBag(learnerOf(name), designs[name]!, task, context);
}

async function receive(name: string, bytes: Uint8Array): Promise<Bag> {
  const learner = learnerOf(name);
  const bag = readReceivedBag(bytes, learner, designs[name]!, task);
  return repredict(bag, learner, designs[name]!, task, { metric: 'log_loss', runtime: nodeRuntime, breathe });
}

describe('a bag from elsewhere', () => {
  it.each(['linear', 'boosting', 'forest', 'mlp'])(
    'of %s comes through, with the predictions made here',
    async (name) => {
      // Trained as a browser would: by the WebAssembly build.
      const sent = await train(name, webRuntime);
      const got = await receive(name, packBag(sent));
      expect(got.models).toEqual(sent.models);
      got.predictions.forEach((p, i) => {
        expect(Math.abs(p - sent.predictions[i]!)).toBeLessThan(1e-4);
      });
    },
  );

  it('hands over what made its predictions where few rows make its folds stop together', async () => {
    const bag = await train('overfit');
    expect(bag.judged).toHaveLength(bag.models.length);
    const { judged: _, ...without } = bag;
    await expect(receive('overfit', packBag(without))).rejects.toThrow('do not predict what it says');
    const got = await receive('overfit', packBag(bag));
    expect(got.judged).toBeUndefined();
    // Good predictions do not carry bad models into the ensemble.
    const flat = bag.models.map(({ state, arrays }) => ({
      state,
      arrays: { parameters: arrays.parameters!.map((w) => -8 * w) as Float32Array },
    }));
    await expect(receive('overfit', packBag({ ...bag, models: flat }))).rejects.toThrow('worse than those');
  });

  it('is refused when its weights or its claims were changed', async () => {
    for (const name of ['linear', 'boosting', 'mlp']) {
      const bag = await train(name);
      const better = { ...bag, predictions: bag.predictions.map((p) => (p > 0.5 ? 1 : 0)) };
      await expect(receive(name, packBag(better)), name).rejects.toThrow('do not predict what it says');
      const [first, ...others] = bag.models;
      const array = name === 'mlp' ? 'parameters' : name === 'linear' ? 'bias' : 'values';
      const changed = { ...first!.arrays, [array]: first!.arrays[array]!.map((v: number) => v + 0.5) };
      const spoilt = { ...first!, arrays: changed as FoldModel['arrays'] };
      const { judged } = bag;
      const models = judged ? bag.models : [spoilt, ...others];
      const sent = { ...bag, models, ...(judged ? { judged: [spoilt, ...judged.slice(1)] } : {}) };
      await expect(receive(name, packBag(sent)), name).rejects.toThrow('do not predict what it says');
    }
  });

  it('is refused in plain words when it is malformed', async () => {
    const bag = await train('mlp');
    const whole = packBag(bag);
    const refused = (bytes: Uint8Array, name = 'mlp') =>
      expect(receive(name, bytes).then(() => 'taken')).rejects.toMatchObject({ name: 'RefusedBagError' });
    await refused(new TextEncoder().encode('not a model'));
    await refused(whole.subarray(0, whole.length - 40));
    await refused(whole, 'linear');
    await refused(packBag({ ...bag, models: bag.models.slice(1) }));
    await refused(packBag({ ...bag, scale: 'log' }));
    await refused(packBag({ ...bag, predictions: bag.predictions.slice(2) }));
    await refused(packBag({ ...bag, steps: [1.5, 2] }));
    await refused(packBag({ ...bag, models: bag.models.map(({ state }) => ({ state, arrays: {} })) }));
    await refused(packBag({ ...bag, models: bag.models.map(({ arrays }) => ({ state: {}, arrays })) }));
    const nan = bag.models.map(({ state, arrays }) => ({
      state,
      arrays: { parameters: arrays.parameters!.map(() => Number.NaN) as Float32Array },
    }));
    await refused(packBag({ ...bag, models: nan }));
  });

  it('is refused when it is of another design', async () => {
    const bag = await train('mlp');
    const other = { ...designs.mlp!, width: 16 };
    const learner = learnerNamed('mlp');
    expect(() => readReceivedBag(packBag(bag), learner, other, task)).toThrow('no sound model of the design');
  });
});
