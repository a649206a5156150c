/** Trials that differ in everything in which members of a population may differ, trained by any engine. */
import type { TrainingEngine } from '../engine.ts';
import { type Member, Population, type PopulationSpec } from '../population.ts';
import { classifier, classifierData } from './classifier.ts';

export const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6 };

export const spec: PopulationSpec = { ...ADAM, network: classifier(0.5), data: { x: 'rows', y: 'classes' }, batch: 8 };

export const someRows = (n: number, from = 0): Int32Array => Int32Array.from({ length: n }, (_, i) => (from + i) % 60);

export const trials: readonly Member[] = [
  { seed: 1, rows: someRows(50), learningRate: () => 0.05, decay: () => 0.001 },
  { seed: 2, rows: someRows(40, 7), learningRate: (t) => 0.1 / (1 + t), dropoutScale: () => 0.2 },
  { seed: 3, rows: someRows(50), learningRate: () => 0.01, clipNorm: 0.05 },
  { seed: 1, rows: someRows(50), learningRate: () => 0.2, initGain: 0.3 },
  { seed: 5, rows: someRows(60), learningRate: () => 0.02, dropoutScale: () => 0 },
  { seed: 6, rows: someRows(24, 30), learningRate: () => 0.03, decay: () => 0.01, dropoutScale: () => 1.5 },
];

/** Trains `members` in calls of so many steps; the loss curve of each, and the weights [K, n]. */
export async function trainPopulation(
  engine: TrainingEngine,
  members: readonly Member[],
  calls: readonly number[],
  of: PopulationSpec = spec,
): Promise<{ curves: Float32Array[]; parameters: Float32Array; size: number }> {
  const population = await Population.create(engine, of, classifierData, ADAM, members);
  const curves = members.map((): number[] => []);
  for (const count of calls) {
    (await population.advance(count)).forEach((curve, k) => {
      curves[k]!.push(...curve);
    });
  }
  await population.dispose();
  const { parameters } = population.state;
  return { curves: curves.map((c) => Float32Array.from(c)), parameters, size: population.layout.size };
}
