import { unary } from './unary.ts';

/** x · sigmoid(x). */
export const silu = unary({
  name: 'silu',
  emit: (e, x) => {
    const s = e.op('Sigmoid', [x]);
    return { output: e.mul(x, s), saved: [s] };
  },
  // s + x·s·(1 - s) = s + y - y·s
  derivative: (e, _x, y, [s]) => e.add(s!, e.sub(y, e.mul(y, s!))),
});
