/** What may be said about an import. */

export interface ImportOptions {
  /** Sizes of named axes other than the rows, by their names in the file. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Name in the file of the axis that becomes the rows `N`; else the first axis of an input that has a name. */
  readonly rows?: string;
  /**
   * Takes the first axis of every input for the rows although the file fixes its size, and opens it: for exports that were
   * made with an example of one batch. Shapes that such a file has written down are read anew.
   */
  readonly openRows?: boolean;
  /** Initialisers, by name with `*` for any text, whose values stay: they get no updates and no weight decay. */
  readonly freeze?: readonly string[];
  /** Initialisers that are trained although `freeze` covers them. */
  readonly train?: readonly string[];
  /** Initialisers that are no parameters but part of the network, such as masks and fixed position tables. */
  readonly constants?: readonly string[];
  /**
   * Batch normalisation in training: by the `batch`, with statistics collected afterwards (core/train/statistics.ts), or
   * by the statistics of the file, `frozen`. Layers that `freeze` covers are frozen in either case.
   */
  readonly normalisation?: 'batch' | 'frozen';
}

/** Whether `name` matches one of `patterns`, in which `*` stands for any text. */
export function matches(name: string, patterns: readonly string[] = []): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*');
    if (parts.length === 1) return name === pattern;
    const [first, last] = [parts[0]!, parts.at(-1)!];
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let at = first.length;
    const end = name.length - last.length;
    return parts.slice(1, -1).every((part) => {
      const found = name.indexOf(part, at);
      at = found + part.length;
      return found >= 0 && at <= end;
    });
  });
}

export const isFrozen = (name: string, { freeze, train }: ImportOptions): boolean =>
  matches(name, freeze) && !matches(name, train);

/** Names that exporters give to tensors they computed, rather than to those a person named. */
const MADE = /^(onnx::\w+_\d+|val_\d+|_v_\d+|\d+)$/;

/**
 * Whether a float initialiser is a parameter: it has an axis, is finite, is not declared a constant, and is not a single
 * number that an exporter made up, such as a scale.
 */
export function isParameter(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
  options: ImportOptions,
): boolean {
  if (dims.length === 0 || matches(name, options.constants)) return false;
  if (values.length === 1 && MADE.test(name)) return false;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false;
  return true;
}
