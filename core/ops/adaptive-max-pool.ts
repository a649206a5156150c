import { type AdaptivePoolAttributes, adaptiveShape, adaptiveWindows, evenPool } from './adaptive-pool.ts';
import type { Emitter } from './emitter.ts';
import { maxPool } from './max-pool.ts';
import { type Emitted, type Operator, outputCost } from './operator.ts';
import { lastSizes } from './pool.ts';
import { type SelectAttributes, select } from './select.ts';

/** Takes every window along one axis, repeating its last element up to the widest: then windows tile the axis. */
function widened(size: number, places: number, axis: number): SelectAttributes & { width: number } {
  const windows = adaptiveWindows(size, places);
  const width = Math.max(...windows.map(({ from, to }) => to - from));
  const indices = windows.flatMap(({ from, to }) =>
    Array.from({ length: width }, (_, i) => Math.min(from + i, to - 1)),
  );
  return { axis, indices, width };
}

/** What is selected along the axes whose windows differ, and the pooling after it. */
function plan({ shape }: Pick<Emitted, 'shape'>, { places }: AdaptivePoolAttributes) {
  const selections = lastSizes(shape, places.length).map((size, i) => widened(size, places[i]!, i - places.length));
  return { selections, kernel: selections.map((s) => s.width) };
}

/** The values before and after every selection. */
function selected(e: Emitter, x: Emitted, selections: readonly SelectAttributes[]): Emitted[] {
  const values = [x];
  for (const attributes of selections) {
    const from = values.at(-1)!;
    const shape = select.shape([from.shape], attributes);
    values.push({ name: select.emit(e, [from], shape, attributes).output, shape });
  }
  return values;
}

/** Largest element of windows that cut the last 1 to 3 axes into `places` each; tied maxima share the gradient. */
export const adaptiveMaxPool: Operator<AdaptivePoolAttributes> = {
  name: 'adaptive-max-pool',
  shape: ([x], attributes) => adaptiveShape(x!, attributes),
  cost: outputCost,
  layouts: (block, inputs, output, attributes) => {
    const even = evenPool(inputs[0]!.shape, attributes);
    return even && maxPool.layouts!(block, inputs, output, even);
  },
  emit: (e, inputs, output, attributes) => {
    const x = inputs[0]!;
    const even = evenPool(x.shape, attributes);
    if (even) return maxPool.emit(e, inputs, output, even);
    const { selections, kernel } = plan(x, attributes);
    const values = selected(e, x, selections);
    const pooled = maxPool.emit(e, [values.at(-1)!], output, { kernel });
    return { output: pooled.output, saved: [...values.slice(1).map((v) => v.name), ...pooled.saved!] };
  },
  gradient: (e, call) => {
    const x = call.inputs[0]!;
    const even = evenPool(x.shape, call.attributes);
    if (even) return maxPool.gradient(e, { ...call, attributes: even });
    const { selections, kernel } = plan(x, call.attributes);
    const values: Emitted[] = [x];
    selections.forEach((attributes, i) => {
      values.push({ name: call.saved[i]!, shape: select.shape([values[i]!.shape], attributes) });
    });
    const pooling = { inputs: [values.at(-1)!], saved: call.saved.slice(selections.length), attributes: { kernel } };
    let gradient = maxPool.gradient(e, { ...call, ...pooling })[0]!;
    for (let i = selections.length - 1; i >= 0; i--) {
      const step = { inputs: [values[i]!], output: values[i + 1]!, saved: [], gradient, attributes: selections[i]! };
      gradient = select.gradient(e, { ...call, ...step })[0]!;
    }
    return [gradient];
  },
};
