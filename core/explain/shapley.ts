/**
 * Shapley values of one prediction: what each player (a column, or several together) contributes to the difference between
 * the row's prediction and the mean prediction of background rows, whatever the model is. A player that is out of a
 * coalition has the cells of a background row. Averaged over orders of players by antithetic permutations (Štrumbelj and
 * Kononenko 2014; Mitchell and others 2022), one pair for each background row; over all coalitions where few players count.
 */
import { Random } from '../math/random.ts';

/** A background row in which some players have the cells of the row that is explained. */
export interface Mixture {
  readonly background: number;
  /** 1 for players with the row's own cells. */
  readonly own: Uint8Array;
}

export interface Game {
  readonly players: number;
  /** Background rows, one at least. */
  readonly backgrounds: number;
  /** Whether the player's cells are others in a background row than in the row: else it changes nothing there. */
  differs(player: number, background: number): boolean;
  /** The model's output for each mixture. */
  predict(mixtures: readonly Mixture[]): Promise<ArrayLike<number>>;
}

export interface Explanation {
  readonly prediction: number;
  /** Mean prediction of the background rows that were used. */
  readonly base: number;
  /** One per player; they sum to `prediction - base`. */
  readonly values: Float64Array;
  /** Standard errors of the values, for the rows that the background is a sample of. */
  readonly errors: Float64Array;
  /** Background rows used. */
  readonly backgrounds: number;
}

export interface ExplainOptions {
  readonly seed: number;
  /** Mixtures that are predicted at once. */
  readonly batch?: number;
  /** Asked between batches: once it is true, the background rows so far are the background. */
  readonly stop?: () => boolean;
}

/** Differing players up to which all coalitions are evaluated: 62 at most, against 10 of a pair of permutations. */
const EXACT_PLAYERS = 6;
const BATCH = 256;

/** @throws what `predict` throws; throwing there is how it is cancelled */
export async function explain(game: Game, options: ExplainOptions): Promise<Explanation> {
  const { players, backgrounds } = game;
  const random = new Random(options.seed);
  const order = random.shuffle(Int32Array.from({ length: backgrounds }, (_, b) => b));
  const [prediction] = Array.from(await game.predict([{ background: 0, own: new Uint8Array(players).fill(1) }]));
  const tally = new Tally(players);
  const batch = options.batch ?? BATCH;
  for (let at = 0; at < order.length && !(at > 0 && options.stop?.()); ) {
    const walks: Walk[] = [];
    for (let size = 0; at < order.length && (size === 0 || size < batch); at++) {
      const walk = planWalk(game, order[at]!, random);
      walks.push(walk);
      size += walk.mixtures.length;
    }
    const outputs = await predictAll(
      game,
      walks.flatMap(({ mixtures }) => mixtures),
      batch,
    );
    let from = 0;
    for (const walk of walks) {
      const taken = outputs.subarray(from, from + walk.mixtures.length);
      from += walk.mixtures.length;
      tally.add(taken[0]!, walk.shares(taken, prediction!));
    }
  }
  return tally.explanation(prediction!);
}

async function predictAll(game: Game, mixtures: readonly Mixture[], batch: number): Promise<Float64Array> {
  const outputs = new Float64Array(mixtures.length);
  for (let at = 0; at < mixtures.length; at += batch)
    outputs.set(Array.from(await game.predict(mixtures.slice(at, at + batch))), at);
  return outputs;
}

/** The mixtures of one background row, itself first, and what their outputs say of each player. */
interface Walk {
  readonly mixtures: readonly Mixture[];
  shares(outputs: Float64Array, prediction: number): Float64Array;
}

function planWalk(game: Game, background: number, random: Random): Walk {
  const differing: number[] = [];
  for (let player = 0; player < game.players; player++) if (game.differs(player, background)) differing.push(player);
  const mixed = (own: readonly number[]): Mixture => {
    const of = new Uint8Array(game.players);
    for (const player of own) of[player] = 1;
    return { background, own: of };
  };
  return differing.length <= EXACT_PLAYERS
    ? allCoalitions(game.players, differing, mixed)
    : twoOrders(game.players, random.shuffle(differing), mixed);
}

/** Shapley's own sum over coalitions, each a number whose bits say who is in. */
function allCoalitions(
  players: number,
  differing: readonly number[],
  mixed: (own: readonly number[]) => Mixture,
): Walk {
  const count = differing.length;
  const everybody = 2 ** count - 1;
  const inside = (coalition: number) => differing.filter((_, i) => (coalition >> i) & 1);
  return {
    mixtures: Array.from({ length: Math.max(1, everybody) }, (_, coalition) => mixed(inside(coalition))),
    shares(outputs, prediction) {
      const shares = new Float64Array(players);
      const worth = (coalition: number) => (coalition === everybody ? prediction : outputs[coalition]!);
      for (let coalition = 0; coalition < everybody; coalition++) {
        const weight = 1 / (count * binomial(count - 1, inside(coalition).length));
        differing.forEach((player, i) => {
          if (!((coalition >> i) & 1)) shares[player]! += weight * (worth(coalition | (1 << i)) - worth(coalition));
        });
      }
      return shares;
    },
  };
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

/** Players join one by one in an order, and in its reverse: exact where players work together in pairs at most. */
function twoOrders(players: number, order: readonly number[], mixed: (own: readonly number[]) => Mixture): Walk {
  const orders = [order, [...order].reverse()];
  const steps = order.length - 1;
  const joined = (some: readonly number[]) => Array.from({ length: steps }, (_, i) => mixed(some.slice(0, i + 1)));
  return {
    mixtures: [mixed([]), ...orders.flatMap(joined)],
    shares(outputs, prediction) {
      const shares = new Float64Array(players);
      orders.forEach((some, o) => {
        let before = outputs[0]!;
        some.forEach((player, i) => {
          const after = i < steps ? outputs[1 + o * steps + i]! : prediction;
          shares[player]! += (after - before) / 2;
          before = after;
        });
      });
      return shares;
    },
  };
}

/** Means and variances over background rows (Welford 1962). */
class Tally {
  private count = 0;
  private base = 0;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;

  constructor(players: number) {
    this.means = new Float64Array(players);
    this.squares = new Float64Array(players);
  }

  add(base: number, shares: Float64Array): void {
    this.count++;
    this.base += (base - this.base) / this.count;
    shares.forEach((share, player) => {
      const off = share - this.means[player]!;
      this.means[player]! += off / this.count;
      this.squares[player]! += off * (share - this.means[player]!);
    });
  }

  explanation(prediction: number): Explanation {
    const { count, base, means, squares } = this;
    const errors = squares.map((sum) => (count > 1 ? Math.sqrt(sum / (count - 1) / count) : 0));
    return { prediction, base, values: means, errors, backgrounds: count };
  }
}
