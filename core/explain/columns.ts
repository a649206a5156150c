/** Rows of a table and a model as the game that `explain` plays. */
import type { CellReader, RawValue } from '../serve/feeds.ts';
import type { Predictions } from '../serve/predictions.ts';
import type { Game } from './shapley.ts';

/** Cells by graph input; an input that is left out is missing. */
export type Cells = Readonly<Record<string, RawValue>>;

/** Columns whose cells are exchanged together. */
export interface Player {
  /** Header of the column; null for several. */
  readonly name: string | null;
  readonly inputs: readonly string[];
}

/** Every column costs predictions, and nobody reads more. */
const MOST_PLAYERS = 24;

/** Each column for itself; of many only the most important ones, and the others together. @param important names, most important first */
export function playersOf(
  columns: readonly { readonly input: string; readonly name: string }[],
  important: readonly string[],
): Player[] {
  const place = new Map(important.map((name, i) => [name, i]));
  const rank = (name: string) => place.get(name) ?? important.length;
  const sorted = [...columns].sort((a, b) => rank(a.name) - rank(b.name));
  const single = sorted.length <= MOST_PLAYERS ? sorted : sorted.slice(0, MOST_PLAYERS - 1);
  const rest = sorted.slice(single.length);
  const players: Player[] = single.map(({ input, name }) => ({ name, inputs: [input] }));
  return rest.length > 0 ? [...players, { name: null, inputs: rest.map(({ input }) => input) }] : players;
}

export interface RowQuestion {
  readonly row: Cells;
  readonly background: readonly Cells[];
  /** Every input of the model belongs to one of them. */
  readonly players: readonly (readonly string[])[];
}

/** @param predict the output of interest for each of so many rows */
export function rowGame(
  { row, background, players }: RowQuestion,
  predict: (rows: number, read: CellReader) => Promise<ArrayLike<number>>,
): Game {
  const playerOf = new Map(players.flatMap((inputs, player) => inputs.map((input) => [input, player] as const)));
  const same = (a: RawValue, b: RawValue) => String(a ?? '') === String(b ?? '');
  return {
    players: players.length,
    backgrounds: background.length,
    differs: (player, b) => players[player]!.some((input) => !same(row[input], background[b]![input])),
    predict: (mixtures) =>
      predict(mixtures.length, (i, input) => {
        const { own, background: b } = mixtures[i]!;
        return own[playerOf.get(input)!] === 1 ? row[input] : background[b]![input];
      }),
  };
}

/** What contributions add up to: the number, or the probability of the class with index `shown`. */
export function outputOf(predictions: Predictions, shown: number): ArrayLike<number> {
  if (predictions.kind === 'regression') return predictions.values;
  const width = predictions.classes.length;
  return predictions.labels.map((_, row) => predictions.probabilities[row * width + shown]!);
}
