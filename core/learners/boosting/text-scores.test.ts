import { expect, it } from 'vitest';
import type { Target } from '../../contracts/learner.ts';
import { Random } from '../../math/random.ts';
import { fitPreparation, prepare } from '../../prep/preparation.ts';
import { stringColumn } from '../../prep/table.ts';
import { textScoresOf } from './text-scores.ts';

const rows = 400;
const trainRows = Int32Array.from({ length: rows }, (_, i) => i);
const random = new Random(3);
const labels = Float32Array.from({ length: rows }, () => random.integer(2));
const target: Target = { problem: 'binary', classes: 2, values: labels };

const filler = () => `word${random.integer(20)} word${random.integer(20)}`;

async function scoresOf(texts: readonly string[]) {
  const table = { rows, columns: [stringColumn('note', texts)] };
  const features = prepare(fitPreparation(table, [{ name: 'note', type: 'text' }]), table);
  const { own } = await textScoresOf(features.texts![0]!, target, trainRows, async () => {});
  return own[0]!;
}

/** Share of pairs of rows of both classes that are in order. */
function auc(scores: Float32Array): number {
  let [won, pairs] = [0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      pairs++;
      won += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return won / pairs;
}

it('scores training rows by what other rows tell', async () => {
  const telling = Array.from(labels, (label) => `${filler()} ${label === 1 ? 'fine' : 'poor'} ${filler()}`);
  expect(auc(await scoresOf(telling))).toBeGreaterThan(0.99);
});

it('does not let a row see its own target', async () => {
  // Words of two rows each, with labels at random: whoever sees its own label orders nearly all pairs.
  const names = random.shuffle(Array.from({ length: rows }, (_, i) => `name${i >> 1}`));
  const scores = await scoresOf(names.map((name) => `${filler()} ${name}`));
  expect(auc(scores)).toBeLessThan(0.65);
});
