/** What makes two designs the same, and how a design reads. */
import { sha256Hex } from '../math/sha256.ts';
import { encodeUtf8 } from '../onnx/utf8.ts';
import { completeDesign, type Design, openDecisions, type Space } from './space.ts';

/** JSON of the complete design with sorted names: equal exactly for designs that decide the same. */
export function canonicalText(space: Space, design: Design): string {
  const complete = completeDesign(space, design);
  const sorted = Object.keys(complete)
    .sort()
    .map((name) => [name, complete[name]]);
  return JSON.stringify({ space: `${space.name}/${space.version}`, design: Object.fromEntries(sorted) });
}

/** SHA-256 of the canonical text, hexadecimal. */
export function hashDesign(space: Space, design: Design): string {
  return sha256Hex(encodeUtf8(canonicalText(space, design)));
}

/** The phrases of the open decisions: "boosting · leaf-wise · 31 leaves · rate 0.05". */
export function describeDesign(space: Space, design: Design): string {
  return openDecisions(space, design)
    .flatMap(({ decision, value }) => {
      // What is not there, or left to the learner, is not worth telling.
      if (!decision.phrase || value === false || value === 'auto' || (value === 0 && decision.fallback === 0))
        return [];
      const shown = typeof value === 'number' ? String(Number(value.toPrecision(3))) : String(value);
      return [decision.phrase.replace('{}', value === true ? '' : shown).trim()];
    })
    .join(' · ');
}
