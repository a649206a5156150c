/** Convolution and pooling: windows over the axes after rows and channels. */
import type { Value } from '../../ir/network.ts';
import { type Window, windowOf } from '../../ops/window.ts';
import { activation, type Handler, type NodeReader, single } from '../node-reader.ts';
import { knownSize } from '../size.ts';

const spatial = (node: NodeReader, i = 0): number[] =>
  node
    .dims(i)
    .slice(2)
    .map((d) => knownSize(d, 'The size of an image or a sequence'));

/** Padding that `auto_pad` stands for: as many places as strides fit, the odd one at the end or the start. */
function autoPads(mode: string, size: readonly number[], { kernel, strides, dilations }: Window): number[] {
  if (mode === 'VALID') return [...size, ...size].fill(0);
  const totals = size.map((s, i) => {
    const places = Math.ceil(s / strides[i]!);
    return Math.max(0, (places - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1 - s);
  });
  const small = totals.map((t) => Math.floor(t / 2));
  const large = totals.map((t, i) => t - small[i]!);
  return mode === 'SAME_LOWER' ? [...large, ...small] : [...small, ...large];
}

/** The node's window over `kernel`. */
function windowFor(node: NodeReader, kernel: readonly number[]): Window {
  const [strides, dilations, pads] = ['strides', 'dilations', 'pads'].map((name) => node.ints(name));
  const window = windowOf(kernel, {
    ...(strides ? { strides } : {}),
    ...(dilations ? { dilations } : {}),
    ...(pads ? { pads } : {}),
  });
  const mode = node.text('auto_pad', 'NOTSET');
  return mode === 'NOTSET' || mode === '' ? window : { ...window, pads: autoPads(mode, spatial(node), window) };
}

const attributesOf = ({ strides, dilations, pads }: Window) => ({ strides, dilations, pads });

/** `y` [.., M, ...size] plus one number per channel. */
function addBias(node: NodeReader, y: Value, i: number): Value {
  if (!node.has(i)) return y;
  const dims = [...node.dims(i), ...y.shape.slice(3).map(() => 1)];
  return node.apply('add', [y, node.viewed(i, [1, ...dims])]);
}

const conv = single((node) => {
  const w = node.scope.perMember(node.value(1));
  const kernel = node
    .dims(1)
    .slice(2)
    .map((d) => knownSize(d, 'A kernel'));
  const bias = node.has(2) ? [node.scope.perMember(node.value(2))] : [];
  const attributes = { ...attributesOf(windowFor(node, kernel)), group: node.int('group', 1) };
  return node.apply('conv', [node.value(0), w, ...bias], attributes);
});

const convTranspose = single((node) => {
  const w = node.scope.perMember(node.value(1));
  const kernel = node
    .dims(1)
    .slice(2)
    .map((d) => knownSize(d, 'A kernel'));
  if (node.text('auto_pad', 'NOTSET') !== 'NOTSET' || node.ints('output_shape')) {
    node.refuse('Padding of a transposed convolution must be given as numbers.');
  }
  const outputPadding = node.ints('output_padding');
  const y = node.apply('conv-transpose', [node.value(0), w], {
    ...attributesOf(windowFor(node, kernel)),
    group: node.int('group', 1),
    ...(outputPadding ? { outputPadding } : {}),
  });
  return addBias(node, y, 2);
});

/** End padding that lets the last, partly outside window in, as `ceil_mode` asks; it starts inside the input or its padding. */
function ceiled(node: NodeReader, window: Window): Window {
  if (node.int('ceil_mode', 0) === 0) return window;
  const { kernel, strides, dilations, pads } = window;
  const axes = kernel.length;
  const ends = spatial(node).map((size, i) => {
    const reach = dilations[i]! * (kernel[i]! - 1) + 1;
    const free = size + pads[i]! + pads[axes + i]! - reach;
    let places = Math.ceil(free / strides[i]!) + 1;
    if ((places - 1) * strides[i]! >= size + pads[i]!) places--;
    return pads[axes + i]! + Math.max(0, (places - 1) * strides[i]! - free);
  });
  return { ...window, pads: [...pads.slice(0, axes), ...ends] };
}

const poolWindow = (node: NodeReader): Window => {
  const kernel = node.ints('kernel_shape') ?? node.refuse('The kernel is missing.');
  return ceiled(node, windowFor(node, kernel));
};

const maxPool: Handler = (node) => {
  const window = poolWindow(node);
  return [
    activation(node.apply('max-pool', [node.value(0)], { kernel: window.kernel, ...attributesOf(window) })),
    null,
  ];
};

const averagePool = single((node) => {
  const window = poolWindow(node);
  const padded = window.pads.some((p) => p > 0);
  const x = node.value(0);
  if (!padded || node.int('count_include_pad', 0) === 0) {
    return node.apply('average-pool', [x], { kernel: window.kernel, ...attributesOf(window) });
  }
  if (node.int('ceil_mode', 0) === 1) node.refuse('Padding that counts and rounding up cannot go together.');
  const wide = node.apply('pad', [x], { pads: window.pads });
  const { kernel, strides, dilations } = window;
  return node.apply('average-pool', [wide], { kernel, strides, dilations });
});

const globalAverage = single((node) => {
  const axes = node.rank(0) - 2;
  const pooled = node.apply('global-average-pool', [node.value(0)], { axes });
  return node.scope.reshape(pooled, [...node.dims(0).slice(0, 2), ...new Array<number>(axes).fill(1)]);
});

const globalMax = single((node) => node.apply('max-pool', [node.value(0)], { kernel: spatial(node) }));

export const windows: Readonly<Record<string, Handler>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAverage,
  GlobalMaxPool: globalMax,
};
