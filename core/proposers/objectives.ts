/** Several objectives as searches of one each, and what a front of them is measured against. */
import { quantile } from '../math/sort.ts';
import type { Design } from '../spaces/space.ts';
import type { BankTable, FreeLoss, ProposerSetup } from './proposer.ts';

/** By bank, then by objective: what is worked out from a bank is remembered with it. */
const banks = new WeakMap<readonly BankTable[], Map<number, readonly BankTable[]>>();
const freeLosses = new WeakMap<FreeLoss, WeakMap<readonly Design[], Float64Array>>();

/** The search with the bank as objective `k` sees it; tasks that did not measure it are left out. */
export function setupOfObjective(setup: ProposerSetup, k: number): ProposerSetup {
  if (k === 0 || setup.bank.length === 0) return setup;
  const known = banks.get(setup.bank) ?? new Map<number, readonly BankTable[]>();
  banks.set(setup.bank, known);
  let bank = known.get(k);
  if (!bank) {
    bank = setup.bank.flatMap(({ name, further }) => {
      const losses = further?.[k - 1];
      return losses ? [{ name, losses }] : [];
    });
    known.set(k, bank);
  }
  return { ...setup, bank };
}

/** Losses that need no training, remembered with the list of designs. */
export function freeLossesOf(free: FreeLoss, designs: readonly Design[]): Float64Array {
  const known = freeLosses.get(free) ?? new WeakMap<readonly Design[], Float64Array>();
  freeLosses.set(free, known);
  let losses = known.get(designs);
  if (!losses) {
    losses = Float64Array.from(designs, free);
    known.set(designs, losses);
  }
  return losses;
}

const COST_SHARE = 0.95;

/**
 * Where a front starts to count: better than the middle design by the first loss, and than all but the costliest by
 * the others.
 * @param columns losses of typical designs by objective
 */
export function typicalReference(columns: readonly ArrayLike<number>[]): number[] {
  return columns.map((column, k) => quantile(Float64Array.from(column).sort(), k === 0 ? 0.5 : COST_SHARE));
}
