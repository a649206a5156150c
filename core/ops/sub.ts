import { binary } from './binary.ts';

/** a - b with broadcasting. */
export const sub = binary({
  name: 'sub',
  node: 'Sub',
  left: (_e, call) => call.gradient,
  right: (e, call) => e.op('Neg', [call.gradient]),
});
