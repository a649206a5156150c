'use client';
/** A moment: relative under a day, exact on hover and focus; keeps itself current while the page is open. */
import { useEffect, useState } from 'react';
import { formatExactTime, formatRelativeTime } from '../../_lib/format.ts';

export function Time({ value, className }: { readonly value: Date | string; readonly className?: string }) {
  const date = typeof value === 'string' ? new Date(value) : value;
  const [now, setNow] = useState(() => new Date());
  const age = now.getTime() - date.getTime();
  useEffect(() => {
    const every = Math.abs(age) < 60_000 ? 5_000 : 30_000;
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [age]);
  return (
    <time dateTime={date.toISOString()} title={formatExactTime(date)} className={className} suppressHydrationWarning>
      {formatRelativeTime(date, now)}
    </time>
  );
}
