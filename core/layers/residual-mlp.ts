/** Residual block of dense layers over rows [K, N, F] (Gorishniy and others 2021). */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { batchNorm } from './batch-norm.ts';
import { dense } from './dense.ts';
import { byInputs } from './init.ts';

export interface ResidualDenseOptions {
  readonly hidden: number;
  readonly hiddenDropout?: number;
  readonly dropout?: number;
}

/** x plus: batch normalisation, `hidden` units with ReLU, back to the width of x. */
export function residualDense(net: NetworkBuilder, name: string, x: Value, options: ResidualDenseOptions): Value {
  const { hidden, hiddenDropout = 0, dropout = 0 } = options;
  const start = { init: byInputs, bias: byInputs };
  const inner = net.apply('relu', [dense(net, `${name}.1`, batchNorm(net, `${name}.norm`, x), hidden, start)]);
  const kept = net.apply('dropout', [inner], { rate: hiddenDropout });
  const branch = dense(net, `${name}.2`, kept, sizeOf(x, -1), start);
  return net.apply('add', [x, net.apply('dropout', [branch], { rate: dropout })]);
}
