/** The loss of the fold in training, as a small line: plain SVG, redrawn several times a second. */
export interface LossLineProps {
  /** From the start of the fold, evenly thinned out. */
  readonly curve: readonly number[];
  readonly label: string;
}

const width = 280;
const height = 40;
const pad = 3;

export function LossLine({ curve, label }: LossLineProps) {
  const low = Math.min(...curve);
  const span = Math.max(...curve) - low || 1;
  const x = (i: number) => pad + ((width - 2 * pad) * i) / Math.max(1, curve.length - 1);
  const y = (value: number) => height - pad - ((height - 2 * pad) * (value - low)) / span;
  const path = curve.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const last = curve.at(-1);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className="h-10 w-full overflow-visible"
      fill="none"
    >
      <path className="stroke-line" vectorEffect="non-scaling-stroke" d={`M${pad} ${height - pad}H${width - pad}`} />
      {last === undefined ? null : (
        <path
          className="stroke-ember"
          strokeWidth="1.5"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
          d={path}
        />
      )}
    </svg>
  );
}
