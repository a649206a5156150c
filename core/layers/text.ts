/** Convolutions over words (Kim 2014). */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { he, zeros } from './init.ts';

/**
 * For every length of `windows` so many `filters` over the words x [K, N, T, W], each the largest it is anywhere, through a
 * ReLU: [K, N, windows · filters]. Weights start by He and others' rule.
 */
export function wordConvolutions(
  net: NetworkBuilder,
  name: string,
  x: Value,
  { windows, filters }: { readonly windows: readonly number[]; readonly filters: number },
): Value {
  const width = sizeOf(x, -1);
  const series = net.apply('transpose', [x], { perm: [0, 1, 3, 2] });
  const features = windows.map((window) => {
    const w = net.parameter(`${name}.${window}.w`, ['K', filters, width, window], he(window * width, filters));
    const b = net.parameter(`${name}.${window}.b`, ['K', filters], zeros, { decay: 0 });
    const largest = net.apply('reduce-max', [net.apply('conv', [series, w, b])], { axes: [3] });
    return net.apply('reshape', [largest], { shape: largest.shape.slice(0, 3) });
  });
  return net.apply('relu', [features.length === 1 ? features[0]! : net.apply('concat', features, { axis: -1 })]);
}
