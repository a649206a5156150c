/** All designs of a small space, one after another. */
import { countDesigns, type Decision, type Design, levelsOf, type Space, type Value } from './space.ts';

/**
 * Every design that random sampling can draw, each once, in the order of the space's options.
 * @throws RangeError when there are more than `most`
 */
export function* enumerateDesigns(space: Space, most: number): Generator<Design> {
  const count = countDesigns(space);
  if (count > most) throw new RangeError(`${space.name} has ${count} designs, more than ${most}.`);
  yield* extend({}, space.decisions);
}

/** `partial` with every way to decide `open`, the first decision and what it opens varying slowest. */
function* extend(partial: Readonly<Record<string, Value>>, open: readonly Decision[]): Generator<Design> {
  const [decision, ...rest] = open;
  if (!decision) {
    yield partial;
    return;
  }
  if (decision.kind === 'range') {
    for (const value of levelsOf(decision)) yield* extend({ ...partial, [decision.name]: value }, rest);
    return;
  }
  for (const { value, opens } of decision.options)
    yield* extend({ ...partial, [decision.name]: value }, [...(opens ?? []), ...rest]);
}
