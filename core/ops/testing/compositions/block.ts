/** Building blocks of random networks. */
import type { NetworkBuilder, Value } from '../../../ir/network.ts';
import { type Shape, sizes } from '../../../ir/shape.ts';
import type { Draw } from '../cases.ts';

/** What a value is: rows [K, N, F], tokens [K, N, T, F], images [K, N, C, H, W], or the loss [K] that ends a network. */
export type Kind = 'rows' | 'tokens' | 'image' | 'loss';

export interface Step {
  /** Chooses among the blocks that read what there is. */
  readonly pick: number;
  /** Sets a width, 1 to 3. */
  readonly width: number;
}

/** A block may hand x back where it cannot take it; `at` makes names unique. */
export type Build = (net: NetworkBuilder, x: Value, width: number, at: number) => Value;

export interface Block {
  readonly from: Kind;
  readonly to: Kind;
  readonly build: Build;
}

/** Blocks that keep the kind. */
export const within = (kind: Kind, builds: Readonly<Record<string, Build>>): Readonly<Record<string, Block>> =>
  Object.fromEntries(Object.entries(builds).map(([name, build]) => [name, { from: kind, to: kind, build }]));

/** Size of an axis; the sizes of random networks are all known. */
export const size = (x: Value, axis: number): number => sizes(x.shape).at(axis)!;

export const weight = (net: NetworkBuilder, name: string, shape: readonly number[]): Value =>
  net.parameter(name, shape, { kind: 'normal', deviation: 1 });

/** An input that gets no gradient, drawn as `kind` says, which is kept in its name. */
export const fixed = (net: NetworkBuilder, at: number, part: string, shape: Shape, kind: Draw): Value =>
  net.input(`c${at}${part}.${kind}`, shape, kind.startsWith('index') ? 'int64' : 'float');

/** How an input or parameter is drawn. */
export const drawOf = (name: string): Draw => (/^c\d+[^.]*\.(.*)$/.exec(name)?.[1] as Draw | undefined) ?? 'signed';

export const activation =
  (op: string): Build =>
  (net, x) =>
    net.apply(op, [x]);
