/** Forecasts of series, every channel by itself with shared weights: linear ones (Zeng and others 2023) and by patches (Nie and others 2023). */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { multipleOf } from '../ir/shape.ts';
import { sizeOf } from '../layers/axis.ts';
import { dense } from '../layers/dense.ts';
import { dLinear, nLinear, reversible } from '../layers/forecast.ts';
import { byInputs } from '../layers/init.ts';
import { layerNorm } from '../layers/norm.ts';
import { patchTokens } from '../layers/tokens.ts';
import { learnedPositions, transformerBlock } from '../layers/transformer.ts';
import { regress } from './outputs.ts';

export interface ForecastSizes {
  /** Steps of the history. */
  readonly past: number;
  readonly horizon: number;
  /** 1 where not stated. */
  readonly channels?: number;
}

/**
 * Input `x` [K, N, past, channels] and `y` [K, N, horizon · channels], row-major with steps first; ends as in `regress`,
 * with the mean over steps and channels.
 */
function forecaster({ past, horizon, channels = 1 }: ForecastSizes, build: Build): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', past, channels]);
  const forecast = build(net, net.apply('transpose', [x], { perm: [0, 1, 3, 2] }));
  const turned = net.apply('transpose', [forecast], { perm: [0, 1, 3, 2] });
  regress(net, net.apply('reshape', [turned], { shape: ['K', 'N', horizon * channels] }));
  return net.build();
}

/** From histories [K, N, C, past] to forecasts [K, N, C, horizon]. */
type Build = (net: NetworkBuilder, x: Value) => Value;

/** One linear map of what lies above the last value. */
export const nLinearForecaster = (sizes: ForecastSizes): Network =>
  forecaster(sizes, (net, x) => nLinear(net, 'map', x, sizes.horizon));

/** Linear maps of the moving average and of what is left. */
export const dLinearForecaster = (sizes: ForecastSizes & { readonly window?: number }): Network =>
  forecaster(sizes, (net, x) => dLinear(net, 'map', x, sizes.horizon, sizes.window));

export interface PatchSizes extends ForecastSizes {
  /** Steps of a patch and from one patch to the next. */
  readonly patch: number;
  readonly stride: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly hidden: number;
  readonly dropout?: number;
}

/**
 * A transformer over patches of the normalised history, and one linear map of all of them. Blocks normalise first and over
 * features, where the paper's normalise last and over rows.
 */
export const patchForecaster = (sizes: PatchSizes): Network =>
  forecaster(sizes, (net, x) => reversible(net, 'instance', x, (normal) => patched(net, normal, sizes)));

function patched(net: NetworkBuilder, x: Value, sizes: PatchSizes): Value {
  const { horizon, channels = 1, past, width, depth, heads, hidden, dropout = 0 } = sizes;
  // Channels become rows: one model for all of them.
  const series = net.apply('reshape', [x], { shape: ['K', multipleOf(channels, 'N'), 1, past] });
  let h = learnedPositions(net, 'positions', patchTokens(net, 'patch', series, width, sizes));
  h = net.apply('dropout', [h], { rate: dropout });
  for (let i = 0; i < depth; i++) {
    h = transformerBlock(net, `block${i}`, h, { heads, hidden, gate: 'gelu', shifted: true, dropout });
  }
  const tokens = layerNorm(net, 'norm', h);
  const all = { shape: ['K', 'N', channels, sizeOf(tokens, 2) * width] };
  const flat = net.apply('dropout', [net.apply('reshape', [tokens], all)], { rate: dropout });
  return dense(net, 'head', flat, horizon, { init: byInputs, bias: byInputs });
}
