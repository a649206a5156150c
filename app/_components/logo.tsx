/** The warm-start line: the search's curve rising early, in ember, above the grey curve of a cold start. */
import { cx } from '../_lib/cx.ts';

export function LogoMark({ className }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 22 22"
      aria-hidden
      className={cx('size-5.5 shrink-0', className)}
      fill="none"
      strokeLinecap="round"
    >
      <path d="M2 19C6 18.5 8 15 10 12.5S15.5 8.5 20 8.3" className="stroke-line-strong" strokeWidth="2" />
      <path d="M2 12.5C4 8 6 5.5 9 4.6S15 3.6 20 3.5" className="stroke-ember" strokeWidth="2.4" />
    </svg>
  );
}

export function Logo({ className }: { readonly className?: string }) {
  return (
    <span className={cx('inline-flex items-center gap-2 font-semibold tracking-tight', className)}>
      <LogoMark />
      Warmstart
    </span>
  );
}
