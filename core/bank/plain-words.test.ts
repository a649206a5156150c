import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FoundDesign, readQuestion } from './plain-words.ts';

const found = (design: FoundDesign['design'], more: Partial<FoundDesign> = {}): FoundDesign => ({
  learner: String(design.learner),
  design,
  seconds: 1.5,
  kind: 'classification',
  metaFeatures: { logRows: 3, logColumns: Math.log10(11), logClasses: Math.log10(2) },
  ...more,
});
const oblivious = found({ learner: 'boosting', growth: 'oblivious', depth: 6, learningRate: 'auto' });
const leafwise = found({ learner: 'boosting', growth: 'leafwise', leaves: 31, extraTrees: true }, { seconds: 8 });
const network = found({ learner: 'mlp', width: 256, layers: 3, dropout: 0.15 }, { metaFeatures: { logRows: 5 } });
const line = found({ learner: 'linear', basis: 'spline', knots: 8 }, { kind: 'regression', seconds: 0.2 });
const forest = found({ learner: 'forest', trees: 200 }, { seconds: 30, kind: 'ranking', metaFeatures: {} });
const all = [oblivious, leafwise, network, line, forest];

const ask = (text: string) => {
  const question = readQuestion(
    text,
    all.map(({ design }) => design),
  );
  return { ...question, found: all.filter(question.matches) };
};

describe('plain words', () => {
  test.each<[string, FoundDesign[]]>([
    ['trees', [oblivious, leafwise, forest]],
    ['over 100 trees', [forest]],
    ['trees under 100', []],
    ['trees slower than 10', [forest]],
    ['trees over 10 s', [forest]],
    ['oblivious trees deeper than 5 under 2 s on small tables', [oblivious]],
    ['boosting with depth over 6', []],
    ['networks with 3 layers and at least 256 width', [network]],
    ['networks with more than 3 layers', []],
    ['extra trees', [leafwise]],
    ['trees without extra trees', [oblivious, forest]],
    ['fast linear model', [line]],
    ['regression', [line]],
    ['models on tables with over 50k rows', [network]],
    ['dropout below 20%', [network]],
    ['under 2s', [oblivious, network, line]],
    ['not networks', [oblivious, leafwise, line, forest]],
    ['more than 1 classes', [oblivious, leafwise, line]],
    ['rows < 1,001 and leaves up to 31', [leafwise]],
    ['', all],
  ])('%s', (text, expected) => {
    const answer = ask(text);
    expect(answer.unknown).toEqual([]);
    expect(answer.found).toEqual(expected);
  });

  test('says how it understood, and which words it does not know', () => {
    expect(ask('small convolutional net under 50k parameters')).toMatchObject({
      understood: ['at most 2,000 rows', 'mlp'],
      unknown: ['convolutional', 'parameters', 'under', '50k'],
    });
    expect(ask('depth over 5 and under 2 seconds').understood).toEqual(['depth > 5', 'seconds < 2']);
    expect(ask('constructor').unknown).toEqual(['constructor']);
    expect(ask('over depth').unknown).toEqual(['depth', 'over']);
  });

  test('any text gets an answer: every word is understood, filler, or named', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const { understood, unknown, found } = ask(text);
        expect(understood.length + unknown.length).toBeLessThanOrEqual(text.length + 1);
        if (understood.length === 0) expect(found).toEqual(all);
      }),
    );
  });
});
