'use client';
/** The look's tokens as plain colours for the drawing library, which knows neither CSS variables nor OKLCH. */
import type { TrialOrigin } from '#core/contracts/task.ts';
import { origins } from '../origin.ts';

export interface ChartTokens {
  readonly ink: string;
  readonly muted: string;
  readonly faint: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly panel: string;
  readonly sunk: string;
  readonly ember: string;
  readonly emberWash: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly info: string;
  /** Band of the cold start's prediction. */
  readonly cold: string;
  /** Quiet bars of histograms. */
  readonly bar: string;
  readonly origins: Readonly<Record<TrialOrigin, string>>;
  /** Class colours in their fixed order. */
  readonly data: readonly string[];
  readonly font: string;
}

/** Reads the tokens as they stand under `element`; resolves `light-dark()` and OKLCH through the browser itself. */
export function readChartTokens(element: HTMLElement): ChartTokens {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  const colour = (token: string): string => {
    probe.style.color = `var(${token})`;
    if (!paint) return getComputedStyle(probe).color;
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = paint.getImageData(0, 0, 1, 1).data;
    return alpha === 255 ? `rgb(${red},${green},${blue})` : `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  };
  const tokens: ChartTokens = {
    ink: colour('--color-ink'),
    muted: colour('--color-muted'),
    faint: colour('--color-faint'),
    line: colour('--color-line'),
    lineStrong: colour('--color-line-strong'),
    panel: colour('--color-panel'),
    sunk: colour('--color-sunk'),
    ember: colour('--color-ember'),
    emberWash: colour('--color-ember-wash'),
    good: colour('--color-good'),
    bad: colour('--color-bad'),
    warn: colour('--color-warn'),
    info: colour('--color-info'),
    cold: colour('--color-cold'),
    bar: colour('--color-bar'),
    origins: {
      portfolio: colour(origins.portfolio.token),
      prior: colour(origins.prior.token),
      predictor: colour(origins.predictor.token),
      mutation: colour(origins.mutation.token),
      random: colour(origins.random.token),
      manual: colour(origins.manual.token),
    },
    data: Array.from({ length: 8 }, (_, index) => colour(`--color-data-${index + 1}`)),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return tokens;
}
