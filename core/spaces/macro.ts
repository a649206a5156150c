/**
 * Chains of inverted blocks in the manner of NAS-Bench-Macro (Su and others 2021): every layer is left out, or an inverted
 * block that widens three or six times.
 */
import { choice, type Space } from './space.ts';

export const macroOptions = ['identity', 'mb3_k3', 'mb6_k5'] as const;
export type MacroOption = (typeof macroOptions)[number];

/** @param layers searched ones, `layer1` and so on */
export const macroSpace = (layers: number): Space => ({
  name: 'macro',
  version: 1,
  decisions: Array.from({ length: layers }, (_, i) =>
    choice(`layer${i + 1}`, macroOptions, { ordered: true, phrase: `layer ${i + 1}: {}` }),
  ),
});
