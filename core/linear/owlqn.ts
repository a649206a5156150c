/**
 * Minimises a smooth convex loss plus an elastic net by limited-memory BFGS in its orthant-wise form (Andrew and Gao
 * 2007, "Scalable training of L1-regularized log-linear models"); with no L1 part it is plain L-BFGS.
 */
export interface Objective {
  /** The smooth loss at `w`; writes its gradient. */
  evaluate(w: Float64Array, gradient: Float64Array): number;
  /** Weights from this index on carry no penalty. */
  readonly free: number;
}

export interface Penalty {
  readonly l1: number;
  readonly l2: number;
}

const MEMORY = 8;

/**
 * Improves `w` in place and returns the penalised loss.
 * @param onStep called after each iteration; returning false stops
 */
export async function minimise(
  objective: Objective,
  penalty: Penalty,
  w: Float64Array,
  maxSteps: number,
  tolerance: number,
  onStep: () => Promise<boolean>,
): Promise<number> {
  const n = w.length;
  const smooth = (x: Float64Array, g: Float64Array) => {
    let value = objective.evaluate(x, g);
    for (let i = 0; i < objective.free; i++) {
      value += 0.5 * penalty.l2 * x[i]! * x[i]!;
      g[i]! += penalty.l2 * x[i]!;
    }
    return value;
  };
  const full = (value: number, x: Float64Array) => {
    if (penalty.l1 === 0) return value;
    let sum = 0;
    for (let i = 0; i < objective.free; i++) sum += Math.abs(x[i]!);
    return value + penalty.l1 * sum;
  };
  let g = new Float64Array(n);
  let value = full(smooth(w, g), w);
  const history: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let next = new Float64Array(n);
  let nextGradient = new Float64Array(n);
  for (let step = 0; step < maxSteps; step++) {
    const pseudo = pseudoGradient(w, g, penalty.l1, objective.free);
    const direction = twoLoop(pseudo, history);
    let slope = 0;
    for (let i = 0; i < n; i++) {
      // A direction that leaves the pseudo-gradient's descent orthant is cut off (only with L1).
      if (penalty.l1 > 0 && i < objective.free && direction[i]! * pseudo[i]! > 0) direction[i] = 0;
      slope += direction[i]! * pseudo[i]!;
    }
    if (!(slope < 0)) break;
    let size = history.length ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    let nextValue = Number.POSITIVE_INFINITY;
    let accepted = false;
    for (let trial = 0; trial < 20; trial++, size /= 2) {
      for (let i = 0; i < n; i++) {
        let x = w[i]! + size * direction[i]!;
        if (penalty.l1 > 0 && i < objective.free) {
          const orthant = w[i]! !== 0 ? Math.sign(w[i]!) : -Math.sign(pseudo[i]!);
          if (x * orthant < 0) x = 0;
        }
        next[i] = x;
      }
      nextValue = full(smooth(next, nextGradient), next);
      if (nextValue <= value + 1e-4 * size * slope) {
        accepted = true;
        break;
      }
    }
    if (!accepted) break;
    remember(history, w, next, g, nextGradient);
    w.set(next);
    [g, nextGradient] = [nextGradient, g];
    const gain = value - nextValue;
    value = nextValue;
    next = new Float64Array(n);
    if (!(await onStep()) || gain <= tolerance * Math.max(1e-12, Math.abs(value))) break;
  }
  return value;
}

function pseudoGradient(w: Float64Array, g: Float64Array, l1: number, free: number): Float64Array {
  if (l1 === 0) return g.slice();
  return g.map((value, i) => {
    if (i >= free) return value;
    if (w[i]! > 0) return value + l1;
    if (w[i]! < 0) return value - l1;
    return value + l1 < 0 ? value + l1 : Math.max(value - l1, 0);
  });
}

/** Two-loop recursion: the negative inverse-Hessian estimate times `gradient`. */
function twoLoop(
  gradient: Float64Array,
  history: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (let h = history.length - 1; h >= 0; h--) {
    const { s, y, rho } = history[h]!;
    const alpha = rho * dot(s, q);
    alphas[h] = alpha;
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  const last = history[history.length - 1];
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  history.forEach(({ s, y, rho }, h) => {
    const beta = alphas[h]! - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += beta * s[i]!;
  });
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function remember(
  history: { s: Float64Array; y: Float64Array; rho: number }[],
  w: Float64Array,
  next: Float64Array,
  g: Float64Array,
  nextGradient: Float64Array,
): void {
  const s = next.map((value, i) => value - w[i]!);
  const y = nextGradient.map((value, i) => value - g[i]!);
  const curvature = dot(s, y);
  if (curvature <= 1e-14) return;
  history.push({ s, y, rho: 1 / curvature });
  if (history.length > MEMORY) history.shift();
}
