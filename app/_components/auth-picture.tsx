/** The warm-start line at full size: what the product does, in one drawing without invented numbers. */

const budget = 240;
const cold = (seconds: number) => 0.34 + 0.42 * (1 - Math.exp(-seconds / 75));
const spread = (seconds: number) => 0.1 * Math.exp(-seconds / 160) + 0.016;
const steps: readonly (readonly [number, number])[] = [
  [3, 0.56],
  [7, 0.69],
  [13, 0.74],
  [24, 0.775],
  [46, 0.8],
  [92, 0.815],
  [150, 0.825],
];

export function AuthPicture() {
  const x = (seconds: number) => 8 + (seconds / budget) * 560;
  const y = (share: number) => 304 - share * 330;
  const times = Array.from({ length: 49 }, (_, index) => (index * budget) / 48);
  const edge = (sign: 1 | -1, list: readonly number[]) =>
    list.map((time) => `${x(time).toFixed(1)} ${y(cold(time) + sign * spread(time)).toFixed(1)}`).join('L');
  const path = steps.map(([time, share], index) =>
    index === 0 ? `M${x(time)} ${y(share)}` : `H${x(time).toFixed(1)}V${y(share).toFixed(1)}`,
  );
  return (
    <figure className="m-0 w-full max-w-prose">
      <svg
        viewBox="0 0 660 270"
        role="img"
        aria-labelledby="auth-picture"
        className="w-full overflow-visible"
        fill="none"
      >
        <title id="auth-picture">
          Best score over time: a warm start is ahead of a cold start from the first seconds
        </title>
        {[0.2, 0.4, 0.6, 0.8].map((share) => (
          <path key={share} d={`M8 ${y(share)}H568`} className="stroke-line" />
        ))}
        <path d={`M${edge(1, times)}L${edge(-1, [...times].reverse())}Z`} className="fill-cold" />
        <path
          d={`M${times.map((time) => `${x(time).toFixed(1)} ${y(cold(time)).toFixed(1)}`).join('L')}`}
          className="stroke-faint"
          strokeDasharray="3 4"
        />
        <path d={`${path.join('')}H${x(205)}`} className="stroke-ember" strokeWidth="2.5" strokeLinejoin="round" />
        <circle cx={x(205)} cy={y(0.825)} r="5" className="fill-ember" />
        <text x={x(205) + 12} y={y(0.825) + 4} className="fill-ink text-table font-medium">
          warm start
        </text>
        <text x="576" y={y(cold(budget)) + 5} className="fill-muted text-table">
          cold start
        </text>
        <text x="568" y={y(0.2) + 18} textAnchor="end" className="fill-faint text-label">
          time
        </text>
        <text x="8" y={y(0.8) - 24} className="fill-faint text-label">
          best score so far
        </text>
      </svg>
      <figcaption className="mt-8 text-lead text-muted">
        <span className="font-medium text-ink">A table in, one verified ONNX file out.</span> Each search starts from
        what worked on past tasks, measures that against random designs, and ends with a file whose results are checked
        in your browser.
      </figcaption>
    </figure>
  );
}
