import { binary } from './binary.ts';

/** a + b with broadcasting. */
export const add = binary({
  name: 'add',
  node: 'Add',
  left: (_e, call) => call.gradient,
  right: (_e, call) => call.gradient,
});
