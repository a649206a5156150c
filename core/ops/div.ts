import { binary } from './binary.ts';

/** a / b with broadcasting. */
export const div = binary({
  name: 'div',
  node: 'Div',
  left: (e, call) => e.div(call.gradient, call.inputs[1]!.name),
  right: (e, call) => e.op('Neg', [e.div(e.mul(call.gradient, call.output.name), call.inputs[1]!.name)]),
});
