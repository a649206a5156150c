/** The plateau schedule: the learning rate falls by a factor whenever a loss has not improved for a while. */

export interface PlateauOptions {
  /** Multiplies the rate at each fall. */
  readonly factor?: number;
  /** Observations without improvement until a fall. */
  readonly patience?: number;
  /** Share by which a loss must be smaller than the best to count as an improvement. */
  readonly threshold?: number;
  readonly lowest?: number;
}

/** What a resumed run needs. */
export interface PlateauState {
  readonly scale: number;
  readonly best: number;
  /** Observations since the best. */
  readonly waited: number;
}

export const startOfPlateau: PlateauState = { scale: 1, best: Number.POSITIVE_INFINITY, waited: 0 };

/** The state after one more validation loss; `scale` multiplies the learning rate of the calls that follow. NaN improves nothing. */
export function observePlateau(state: PlateauState, loss: number, options: PlateauOptions = {}): PlateauState {
  const { factor = 0.5, patience = 10, threshold = 1e-4, lowest = 1e-3 } = options;
  const margin = Number.isFinite(state.best) ? threshold * Math.abs(state.best) : 0;
  if (loss < state.best - margin) return { ...state, best: loss, waited: 0 };
  const waited = state.waited + 1;
  if (waited <= patience) return { ...state, waited };
  return { ...state, scale: Math.max(lowest, state.scale * factor), waited: 0 };
}
