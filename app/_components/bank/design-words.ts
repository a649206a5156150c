/** A design's decisions in plain words, without its learner. */
import { decisionWords } from '../../_lib/decision-words.ts';
import { significant } from '../../_lib/format.ts';

export function designWords(design: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(design)
    .filter(([name]) => name !== 'learner')
    .map(([name, value]) => `${decisionWords(name)} ${typeof value === 'number' ? significant(value, 3) : value}`)
    .join(' · ');
}
