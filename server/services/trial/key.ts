/** What makes two trials the same evaluation (CONTRACTS.md, Trials). */
import { sha256Hex } from '#core/math/sha256.ts';
import type { SearchSetup } from '#core/strategies/strategy.ts';

/** @param setup what hangs on the budget: how many folds a score is averaged over, and of how many rows where not of all */
export function trialKey(
  taskHash: string,
  { folds, rows, sampled }: Pick<SearchSetup, 'folds' | 'rows' | 'sampled'>,
  designHash: string,
): string {
  const text = JSON.stringify([taskHash, folds, ...(sampled ? [rows] : []), designHash]);
  return sha256Hex(new TextEncoder().encode(text));
}
