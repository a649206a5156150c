/** Blocks that turn one kind of value into another, and losses that end a network. */
import type { NetworkBuilder, Value } from '../../../ir/network.ts';
import { sizes } from '../../../ir/shape.ts';
import type { Attributes } from '../../operator.ts';
import type { Draw } from '../cases.ts';
import { type Block, fixed, size } from './block.ts';

const viewed = (net: NetworkBuilder, x: Value, shape: readonly number[]): Value => net.apply('reshape', [x], { shape });

/** A loss against drawn targets, with a weight for each row. */
const loss = (op: string, targets: Draw, attributes: (x: Value) => Attributes = () => ({})): Block => ({
  from: 'rows',
  to: 'loss',
  build: (net, x, _width, at) => {
    const weights = fixed(net, at, 'w', [size(x, 0), size(x, 1), 1], 'positive');
    return net.apply(op, [x, fixed(net, at, 'y', x.shape, targets), weights], attributes(x));
  },
});

export const bridges: Readonly<Record<string, Block>> = {
  'features as tokens': {
    from: 'rows',
    to: 'tokens',
    build: (net, x) => viewed(net, x, [...sizes(x.shape), 1]),
  },
  'rows as tokens of their own': {
    from: 'rows',
    to: 'tokens',
    build: (net, x) => viewed(net, x, sizes(x.shape).toSpliced(2, 0, 1)),
  },
  'rows as points': {
    from: 'rows',
    to: 'image',
    build: (net, x) =>
      net.apply('resize', [viewed(net, x, [...sizes(x.shape), 1, 1])], { mode: 'nearest', factors: [2, 2] }),
  },
  'mean of tokens': {
    from: 'tokens',
    to: 'rows',
    build: (net, x) => viewed(net, net.apply('reduce-mean', [x], { axes: [2] }), sizes(x.shape).toSpliced(2, 1)),
  },
  'tokens side by side': {
    from: 'tokens',
    to: 'rows',
    build: (net, x) => viewed(net, x, [size(x, 0), size(x, 1), size(x, 2) * size(x, 3)]),
  },
  'tokens as lines': {
    from: 'tokens',
    to: 'image',
    build: (net, x) => viewed(net, x, sizes(x.shape).toSpliced(2, 0, 1)),
  },
  'mean of places': {
    from: 'image',
    to: 'rows',
    build: (net, x) => net.apply('global-average-pool', [x], { axes: 2 }),
  },
  'places as tokens': {
    from: 'image',
    to: 'tokens',
    build: (net, x) => {
      const flat = viewed(net, x, [size(x, 0), size(x, 1), size(x, 2), size(x, 3) * size(x, 4)]);
      return net.apply('transpose', [flat], { perm: [0, 1, 3, 2] });
    },
  },
  mse: loss('mse', 'signed'),
  mae: loss('mae', 'signed'),
  huber: loss('huber', 'signed', () => ({ delta: 0.8 })),
  quantile: loss('quantile', 'signed', (x) => {
    const count = size(x, 2);
    return { quantiles: Array.from({ length: count }, (_, i) => (i + 1) / (count + 1)) };
  }),
  bce: loss('bce', 'unit', () => ({ smoothing: 0.1 })),
  dice: loss('dice', 'unit', () => ({ smooth: 1 })),
  'cross-entropy': loss('cross-entropy', 'simplex', () => ({ smoothing: 0.1 })),
  focal: loss('focal', 'simplex', () => ({ gamma: 2 })),
};
