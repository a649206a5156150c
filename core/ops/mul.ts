import { binary } from './binary.ts';

/** a · b with broadcasting. */
export const mul = binary({
  name: 'mul',
  node: 'Mul',
  left: (e, call) => e.mul(call.gradient, call.inputs[1]!.name),
  right: (e, call) => e.mul(call.gradient, call.inputs[0]!.name),
});
