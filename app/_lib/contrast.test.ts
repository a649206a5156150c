/** Measures the tokens of globals.css: text at least 4.5 to 1, marks that carry meaning at least 3 to 1, in both themes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Rgb = readonly [number, number, number];

/** OKLCH to linear sRGB, clipped (B. Ottosson's matrices). */
function linear(l: number, c: number, h: number): Rgb {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.max(0, Math.min(1, value));
  return [
    clip(4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S),
    clip(-1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S),
    clip(-0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S),
  ];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const css = readFileSync(new URL('../globals.css', import.meta.url), 'utf8');
const pair =
  /--color-([\w-]+): light-dark\(oklch\(([\d.]+) ([\d.]+) ([\d.]+)\), oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)\)/g;
const tokens = new Map(
  [...css.matchAll(pair)].map(([, name = '', ...numbers]) => {
    const [l1, c1, h1, l2, c2, h2] = numbers.map(Number) as [number, number, number, number, number, number];
    return [name, { light: linear(l1, c1, h1), dark: linear(l2, c2, h2) }] as const;
  }),
);

function of(name: string, theme: 'light' | 'dark'): Rgb {
  const token = tokens.get(name);
  if (!token) throw new Error(`globals.css has no opaque token ${name}`);
  return token[theme];
}

const texts = ['ink', 'muted', 'faint', 'ember-ink', 'good', 'bad', 'warn', 'info'];
const grounds = ['canvas', 'panel', 'sunk'];
const marks = [
  'ember',
  'control',
  ...['portfolio', 'prior', 'predictor', 'mutation', 'random', 'manual'].map((one) => `origin-${one}`),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((one) => `data-${one}`),
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    'text %s on %s',
    (text, ground) => {
      expect(contrast(of(text, theme), of(ground, theme))).toBeGreaterThanOrEqual(4.5);
    },
  );
  test.each([
    ['on-ember', 'ember-ink'],
    ['on-ember', 'ember-hover'],
    ['on-bad', 'bad'],
  ])('text %s on %s', (text, ground) => {
    expect(contrast(of(text, theme), of(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(marks)('mark %s on panel', (mark) => {
    expect(contrast(of(mark, theme), of('panel', theme))).toBeGreaterThanOrEqual(3);
  });
});
