/** Blocks of forecasts, every channel by itself with shared weights: histories [K, N, C, L]. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { dense } from './dense.ts';
import { byInputs, ones, zeros } from './init.ts';

const linear = { init: byInputs, bias: byInputs } as const;

/** A linear map of what lies above the last value ("NLinear"; Zeng and others 2023): [K, N, C, horizon]. */
export function nLinear(net: NetworkBuilder, name: string, x: Value, horizon: number): Value {
  const steps = sizeOf(x, -1);
  const last = net.apply('slice', [x], { axis: -1, start: steps - 1, end: steps });
  return net.apply('add', [dense(net, name, net.apply('sub', [x, last]), horizon, linear), last]);
}

/** Linear maps of the moving average over `window` steps and of what is left ("DLinear"; Zeng and others 2023). */
export function dLinear(net: NetworkBuilder, name: string, x: Value, horizon: number, window = 25): Value {
  const trend = movingAverage(net, x, window);
  const rest = dense(net, `${name}.season`, net.apply('sub', [x, trend]), horizon, linear);
  return net.apply('add', [rest, dense(net, `${name}.trend`, trend, horizon, linear)]);
}

/** Mean of `window` steps around each, odd; the first and the last step repeat beyond the ends. One matrix product. */
function movingAverage(net: NetworkBuilder, x: Value, window: number): Value {
  const steps = sizeOf(x, -1);
  const side = (window - 1) / 2;
  const shares = new Array<number>(steps * steps).fill(0);
  for (let to = 0; to < steps; to++) {
    for (let at = to - side; at <= to + side; at++) {
      shares[Math.min(Math.max(at, 0), steps - 1) * steps + to]! += 1 / window;
    }
  }
  const matrix = net.apply('constant', [], { shape: [1, 1, steps, steps], values: shares });
  return net.apply('matmul', [x, matrix]);
}

/**
 * Reversible instance normalisation (Kim and others 2022): `block` forecasts from histories at mean 0 and deviation 1,
 * scaled and shifted per channel by learned numbers; its forecast [K, N, C, horizon] is turned back.
 */
export function reversible(
  net: NetworkBuilder,
  name: string,
  x: Value,
  block: (normal: Value) => Value,
  epsilon = 1e-5,
): Value {
  const mean = net.apply('reduce-mean', [x], { axes: [3] });
  const centred = net.apply('sub', [x, mean]);
  const variance = net.apply('reduce-mean', [net.apply('mul', [centred, centred])], { axes: [3] });
  const floor = net.apply('constant', [], { shape: [1, 1, 1, 1], values: [epsilon] });
  const deviation = net.apply('sqrt', [net.apply('add', [variance, floor])]);
  const shape = ['K', 1, sizeOf(x, 2), 1];
  const scale = net.parameter(`${name}.scale`, shape, ones, { decay: 0 });
  const shift = net.parameter(`${name}.shift`, shape, zeros, { decay: 0 });
  const normal = net.apply('div', [centred, deviation]);
  const forecast = block(net.apply('add', [net.apply('mul', [normal, scale]), shift]));
  const undone = net.apply('div', [net.apply('sub', [forecast, shift]), scale]);
  return net.apply('add', [net.apply('mul', [undone, deviation]), mean]);
}
