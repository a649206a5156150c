'use client';
import { type RefObject, useEffect, useState } from 'react';
import { type ChartTokens, readChartTokens } from './tokens.ts';

/** The current tokens, read again when the theme or the device's scheme changes; null before the first paint. */
export function useChartTokens(frame: RefObject<HTMLElement | null>): ChartTokens | null {
  const [tokens, setTokens] = useState<ChartTokens | null>(null);
  useEffect(() => {
    const read = () => {
      if (frame.current) setTokens(readChartTokens(frame.current));
    };
    read();
    const watch = new MutationObserver(read);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', read);
    return () => {
      watch.disconnect();
      scheme.removeEventListener('change', read);
    };
  }, [frame]);
  return tokens;
}
