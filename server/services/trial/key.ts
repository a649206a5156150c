/** What makes two trials the same evaluation (CONTRACTS.md, Trials). */
import { sha256Hex } from '#core/math/sha256.ts';

/** @param task hash of the task, and how many folds a score is averaged over, which depends on the budget */
export function trialKey(task: { hash: string; folds: number }, designHash: string): string {
  const text = JSON.stringify([task.hash, task.folds, designHash]);
  return sha256Hex(new TextEncoder().encode(text));
}
