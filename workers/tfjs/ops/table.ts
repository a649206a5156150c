/** What TensorFlow.js builds for each operator of `core/ops`; a test names those that it cannot. */
import type { Build } from './call.ts';
import { convolutions } from './convolutions.ts';
import { dropouts } from './dropouts.ts';
import { elementwise } from './elementwise.ts';
import { images } from './images.ts';
import { losses } from './losses.ts';
import { products } from './products.ts';
import { segments } from './segments.ts';
import { sequences } from './sequences.ts';
import { shapes } from './shapes.ts';
import { statistics } from './statistics.ts';

const builds: Readonly<Record<string, Build>> = {
  ...elementwise,
  ...shapes,
  ...products,
  ...statistics,
  ...losses,
  ...dropouts,
  ...segments,
  ...sequences,
  ...convolutions,
  ...images,
};

export const builtOperators: readonly string[] = Object.keys(builds);

/** Throws a RangeError naming the operator when TensorFlow.js has no build of it. */
export function buildOf(op: string): Build {
  const build = builds[op];
  if (!build) throw new RangeError(`TensorFlow.js cannot train networks with the operator ${op}.`);
  return build;
}
