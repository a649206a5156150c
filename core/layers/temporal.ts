/** Causal convolutions over sequences [K, N, C, T]. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { channelsOf, convolution } from './image.ts';
import { he, zeros } from './init.ts';

/**
 * Dilated causal block (Bai, Kolter and Koltun 2018): two convolutions beside a shortcut, in which no place sees a later
 * one. Weights start by He and others' rule, which takes the place of the paper's weight normalisation.
 */
export function temporalBlock(
  net: NetworkBuilder,
  name: string,
  x: Value,
  width: number,
  { kernel, dilation, dropout = 0 }: { kernel: number; dilation: number; dropout?: number },
): Value {
  const causal = (input: Value, part: string): Value => {
    const channels = channelsOf(input);
    const start = he(channels * kernel, width * kernel);
    const w = net.parameter(`${name}.${part}.w`, ['K', width, channels, kernel], start);
    const b = net.parameter(`${name}.${part}.b`, ['K', width], zeros, { decay: 0 });
    const window = { dilations: [dilation], pads: [dilation * (kernel - 1), 0] };
    return net.apply('dropout', [net.apply('relu', [net.apply('conv', [input, w, b], window)])], { rate: dropout });
  };
  const branch = causal(causal(x, '1'), '2');
  const same = channelsOf(x) === width;
  const shortcut = same ? x : convolution(net, `${name}.s`, x, width, { kernel: 1, bias: true });
  return net.apply('relu', [net.apply('add', [branch, shortcut])]);
}

/** Dilations 1, 2, 4, … of as many blocks as let the last place see all `steps`. */
export function dilationsFor(steps: number, kernel: number): number[] {
  const dilations: number[] = [];
  for (let seen = 1; seen < steps || dilations.length === 0; ) {
    const dilation = 2 ** dilations.length;
    dilations.push(dilation);
    seen += 2 * dilation * (kernel - 1);
  }
  return dilations;
}
